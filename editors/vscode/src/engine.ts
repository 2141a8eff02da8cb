// What the features of the extension code against: the engine of a workspace
// folder, and the set of them. Interfaces only; src/engine/ has what is behind.
import type * as vscode from "vscode";
import type { Mirror } from "./engine/mirror";
import type {
  Calls,
  ClientNotifications,
  EventsBatch,
  EventsSubscribeParams,
  LinesColumns,
  LinesObjects,
  LinesRaw,
  LogsSubscribeParams,
  Process,
  Script,
  ServerNotifications,
  Subscribed,
} from "./protocol";

/** How the connection to an engine stands. */
export type EngineState =
  /** nothing has asked for it yet */
  | { kind: "idle" }
  | { kind: "connecting" }
  | { kind: "connected"; version: string }
  /** it was lost and is made again at retryAt, in ms since the epoch */
  | { kind: "waiting"; reason: string; retryAt: number }
  /** it is not made again before somebody asks for that */
  | { kind: "failed"; reason: string };

/** Follows a stream of the engine, also after its connection was made anew. */
export interface Follower<Batch> {
  /** called with each batch, in order; an acknowledgement is sent once it has returned */
  batch(batch: Batch): void | Promise<void>;
  /** called when it begins, and again after each new connection; with fresh, something may be missing before it */
  begun?(subscribed: Subscribed): void;
  /** called when the engine refuses the subscription, or there is no connection; a later one begins it again */
  failed?(error: Error): void;
}

export type Lines = LinesObjects | LinesColumns | LinesRaw;

/**
 * The engine of one workspace folder. Nothing connects before connect, request or
 * follow… is called; from then on a lost connection is made again, up to a limit.
 */
export interface Engine {
  readonly folder: vscode.WorkspaceFolder;
  readonly state: EngineState;
  readonly onState: vscode.Event<EngineState>;
  /** The processes, kept up to date; empty without a connection. */
  readonly processes: Mirror<Process>;
  /** What can be run, kept up to date; empty without a connection. */
  readonly scripts: Mirror<Script>;
  /** Resolves with a connection, or rejects with the reason for people. */
  connect(): Promise<void>;
  /** Forgets crashes, hangs up and connects anew. */
  reconnect(): Promise<void>;
  /**
   * Calls a method, over a connection that is made if there is none. In a workspace
   * that is not trusted a method that changes something is refused. An error of the
   * engine is a ResponseError; see kindOf.
   */
  request<M extends keyof Calls>(
    method: M,
    params: Calls[M]["params"],
    token?: vscode.CancellationToken,
  ): Promise<Calls[M]["result"]>;
  /** Sends a notification if there is a connection. */
  notify<M extends keyof ClientNotifications>(method: M, params: ClientNotifications[M]): void;
  /** Calls the handler with each notification of that name, whatever connection it comes by. */
  on<M extends keyof ServerNotifications>(
    method: M,
    handler: (params: ServerNotifications[M]) => void,
  ): vscode.Disposable;
  /** Follows output, from params.since and after a reconnection from where it was. */
  followLogs(params: LogsSubscribeParams, follower: Follower<Lines>): vscode.Disposable;
  /** Follows events in the same way. */
  followEvents(params: EventsSubscribeParams, follower: Follower<EventsBatch>): vscode.Disposable;
}

/** The engines of the window: one for each workspace folder that is on disk. */
export interface Engines {
  readonly all: readonly Engine[];
  /** A folder has come or gone. */
  readonly onFolders: vscode.Event<void>;
  /** The engine of the folder that a file or folder is in. */
  of(uri: vscode.Uri): Engine | undefined;
  /** Calls attach for each engine, now and later; what it returns is disposed with the engine. */
  each(attach: (engine: Engine) => vscode.Disposable): vscode.Disposable;
  /** The extension's log; the engines' own goes there too. */
  readonly log: vscode.LogOutputChannel;
}

/** Names a process to a command, also across windows and reloads. */
export interface ProcessRef {
  /** the folder's URI */
  folder: string;
  /** the process's id */
  process: string;
}

/** Names something that can be run to a command. */
export interface ScriptRef {
  /** the folder's URI */
  folder: string;
  /** the script's id */
  script: string;
}

// The engine of one workspace folder as the features see it: a connection that is
// made when it is first needed and made again when it is lost, the lists that are
// kept up to date, and the subscriptions.
//
//   idle ──connect──> connecting ──initialize──> connected
//                          │  ^                      │ lost
//                   failed <  └──── waiting <────────┘ (too often: failed)
//
// A program that does not get through initialize is never tried again by itself.
import * as vscode from "vscode";
import type { Engine, EngineState, Follower, Lines } from "../engine";
import type {
  Calls,
  ClientNotifications,
  EventsBatch,
  EventsSubscribeParams,
  LogsSubscribeParams,
  Process,
  ProcessChanged,
  ProjectChanged,
  Script,
  ServerNotifications,
} from "../protocol";
import { type Binary, findBinary } from "./binary";
import { Connection } from "./connection";
import { Crashes } from "./crashes";
import { messageOf } from "./errors";
import { type Batch, type Stream, Subscription } from "./follow";
import { Mirror } from "./mirror";
import { initializeOptions, placesFor, prepareEngine } from "./settings";
import { onlyLooks } from "./trust";

type Handler = (params: never) => void;

/** Addresses and problems that come together are asked for together. */
const foundMs = 100;

/** How long a session may take to end before its process is killed. */
const closeMs = 2000;

export class Session implements Engine, vscode.Disposable {
  readonly processes = new Mirror<Process>();
  readonly scripts = new Mirror<Script>();
  private readonly stateEmitter = new vscode.EventEmitter<EngineState>();
  readonly onState = this.stateEmitter.event;
  private current: EngineState = { kind: "idle" };
  private connection: Connection | undefined;
  private opening: Promise<Connection> | undefined;
  private looking: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private leaving = false;
  private readonly crashes = new Crashes();
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly subscriptions = new Set<Subscription<never>>();

  constructor(
    readonly folder: vscode.WorkspaceFolder,
    private readonly extension: vscode.Extension<unknown>,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.on("process/changed", (p) => this.processes.apply(changeOfProcesses(p)));
    this.on("project/changed", (p) => this.scripts.apply(changeOfScripts(p)));
    this.on("urls/changed", () => this.lookAtFound());
    this.on("problems/changed", () => this.lookAtFound());
    this.on("window/logMessage", (p) => this.logMessage(p.type, p.message));
  }

  get state(): EngineState {
    return this.current;
  }

  /** Process id of the program that was spawned, for tests and the log. */
  get pid(): number | undefined {
    return this.connection?.pid;
  }

  async connect(): Promise<void> {
    await this.connected();
  }

  async reconnect(): Promise<void> {
    this.crashes.forget();
    await this.hangUp();
    await this.connected();
  }

  async request<M extends keyof Calls>(
    method: M,
    params: Calls[M]["params"],
    token?: vscode.CancellationToken,
  ): Promise<Calls[M]["result"]> {
    if (!vscode.workspace.isTrusted && !onlyLooks(method)) {
      throw new Error("Brummer starts, stops and changes nothing before you have trusted this workspace.");
    }
    const connection = await this.connected();
    return connection.request(method, params, token);
  }

  notify<M extends keyof ClientNotifications>(method: M, params: ClientNotifications[M]): void {
    this.connection?.notify(method, params);
  }

  on<M extends keyof ServerNotifications>(
    method: M,
    handler: (params: ServerNotifications[M]) => void,
  ): vscode.Disposable {
    const handlers = this.handlers.get(method) ?? new Set<Handler>();
    this.handlers.set(method, handlers.add(handler as Handler));
    return new vscode.Disposable(() => handlers.delete(handler as Handler));
  }

  followLogs(params: LogsSubscribeParams, follower: Follower<Lines>): vscode.Disposable {
    return this.follow("logs/lines", follower, {
      subscribe: (since) => this.request("logs/subscribe", since === undefined ? params : { ...params, since }),
      unsubscribe: (subscription) => this.unsubscribe("logs/unsubscribe", subscription),
      acknowledge: ({ subscription, batch }) => this.notify("logs/ack", { subscription, batch }),
    });
  }

  followEvents(params: EventsSubscribeParams, follower: Follower<EventsBatch>): vscode.Disposable {
    return this.follow("events/batch", follower, {
      subscribe: (since) => this.request("events/subscribe", since === undefined ? params : { ...params, since }),
      unsubscribe: (subscription) => this.unsubscribe("events/unsubscribe", subscription),
      acknowledge: () => {}, // events have no credit
    });
  }

  /** Ends the session; what becomes of the processes is the engine's affair, see lingerMs. */
  async hangUp(): Promise<void> {
    this.leaving = true;
    clearTimeout(this.retry);
    clearTimeout(this.looking);
    this.looking = undefined;
    await this.opening?.catch(() => {});
    await this.connection?.close(closeMs);
    this.leaving = false;
    this.become({ kind: "idle" });
  }

  async dispose(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.dispose();
    await this.hangUp();
    this.processes.dispose();
    this.scripts.dispose();
    this.stateEmitter.dispose();
  }

  /** The connection, which is made if there is none. All who ask meanwhile get the same. */
  private connected(): Promise<Connection> {
    if (this.connection && this.current.kind === "connected") return Promise.resolve(this.connection);
    clearTimeout(this.retry);
    this.opening ??= this.open().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  private async open(): Promise<Connection> {
    this.become({ kind: "connecting" });
    try {
      const binary = await findBinary(placesFor(this.folder, this.extension));
      await prepareEngine(this.folder, binary);
      const connection = this.spawn(binary);
      this.connection = connection;
      const version = await connection.initialize();
      await Promise.all([this.processes.fill(listProcesses(connection)), this.scripts.fill(listScripts(connection))]);
      this.log.info(`${this.folder.name}: connected to ${binary.path} ${version}`);
      this.become({ kind: "connected", version });
      for (const subscription of this.subscriptions) void subscription.begin();
      return connection;
    } catch (error) {
      const reason = messageOf(error);
      const half = this.connection;
      this.connection = undefined; // its end is no crash: it has not begun
      void half?.close(closeMs);
      this.become({ kind: "failed", reason });
      throw error;
    }
  }

  /** A process's addresses and problems are no news to process/changed, so they are asked for. */
  private lookAtFound(): void {
    this.looking ??= setTimeout(async () => {
      this.looking = undefined;
      const list = await this.connection?.request("process/list", {}).catch(() => undefined); // it is going
      const parts = list?.processes.map(({ id, urls, problems }) => [id, { urls, problems }] as const);
      this.processes.amend(new Map(parts));
    }, foundMs);
  }

  private spawn(binary: Binary): Connection {
    const connection: Connection = new Connection({
      path: binary.path,
      root: this.folder.uri.fsPath,
      editor: vscode.version,
      options: initializeOptions(this.folder),
      said: (line) => this.log.info(`${this.folder.name}: ${line}`),
      notified: (method, params) => this.dispatch(method, params),
      ended: (reason) => this.ended(connection, reason),
    });
    return connection;
  }

  private ended(connection: Connection, reason: string): void {
    if (this.connection !== connection) return;
    const was = this.current.kind;
    if (was !== "connected") return; // open() learns of it by the call that it waits for
    this.connection = undefined;
    this.processes.clear();
    this.scripts.clear();
    if (!this.leaving) this.lost(reason);
  }

  private lost(reason: string): void {
    this.log.error(`${this.folder.name}: the connection to the engine was lost: ${reason}`);
    const delay = this.crashes.count(Date.now());
    if (delay === undefined) {
      this.become({ kind: "failed", reason: `It was lost too often, the last time because ${reason}.` });
      return;
    }
    this.become({ kind: "waiting", reason, retryAt: Date.now() + delay });
    this.retry = setTimeout(() => {
      this.connected().catch(() => {}); // the state says it
    }, delay);
  }

  private become(state: EngineState): void {
    this.current = state;
    if (state.kind === "failed") this.log.error(`${this.folder.name}: ${state.reason}`);
    this.stateEmitter.fire(state);
  }

  private dispatch(method: string, params: unknown): void {
    for (const handler of this.handlers.get(method) ?? []) {
      try {
        handler(params as never);
      } catch (error) {
        this.log.error(`${method}: ${error instanceof Error ? error.stack : error}`);
      }
    }
  }

  private follow<M extends "logs/lines" | "events/batch", B extends Batch & ServerNotifications[M]>(
    method: M,
    follower: Follower<B>,
    stream: Stream<B>,
  ): vscode.Disposable {
    const heard = this.on(method, (batch) => {
      subscription.take(batch as B).catch((error) => this.log.error(`${method}: ${messageOf(error)}`));
    });
    const subscription = new Subscription<B>(stream, follower, () => {
      heard.dispose();
      this.subscriptions.delete(subscription as Subscription<never>);
    });
    const connected = this.current.kind === "connected";
    this.subscriptions.add(subscription as Subscription<never>);
    if (connected) void subscription.begin();
    else this.connected().catch((error) => follower.failed?.(error));
    return subscription;
  }

  /** Only where it was subscribed: another connection does not know the id. */
  private unsubscribe(method: "logs/unsubscribe" | "events/unsubscribe", subscription: string): void {
    this.connection?.request(method, { subscription }).catch(() => {}); // gone with the connection
  }

  private logMessage(type: number, message: string): void {
    const text = `${this.folder.name}: ${message}`;
    if (type === 1) this.log.error(text);
    else if (type === 2) this.log.warn(text);
    else if (type === 3) this.log.info(text);
    else this.log.debug(text);
  }
}

const changeOfProcesses = (p: ProcessChanged) => ({
  previous: p.previous,
  revision: p.revision,
  items: p.processes,
  removed: p.removed,
});

const changeOfScripts = (p: ProjectChanged) => ({
  previous: p.previous,
  revision: p.revision,
  items: p.added,
  removed: p.removed,
});

const listProcesses = (connection: Connection) => async () => {
  const { revision, processes } = await connection.request("process/list", {});
  return { revision, items: processes, removed: [] };
};

const listScripts = (connection: Connection) => async () => {
  const { revision, scripts } = await connection.request("project/scripts", {});
  return { revision, items: scripts, removed: [] };
};

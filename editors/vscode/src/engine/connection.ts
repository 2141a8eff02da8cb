// One brummer-rpc process and the JSON-RPC connection over its standard streams,
// from spawn to exit. It knows nothing of what was there before it or comes after.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import {
  type CancellationToken,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { Calls, ClientNotifications, InitializeOptions } from "../protocol";
import { withoutEditor } from "./environment";

/** How to begin. */
export interface Spawn {
  path: string;
  /** absolute path of the workspace folder */
  root: string;
  /** version of the editor */
  editor: string;
  options: InitializeOptions;
  /** what the program says to people, a line at a time */
  said(line: string): void;
  notified(method: string, params: unknown): void;
  /** the process has ended, whoever wanted that; called once */
  ended(reason: string): void;
}

export class Connection {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly rpc: MessageConnection;
  private readonly gone: Promise<void>;
  private lastWords = "";

  constructor(private readonly how: Spawn) {
    this.child = spawn(how.path, ["--framing=header"], {
      cwd: how.root,
      env: withoutEditor(process.env),
      stdio: "pipe",
    });
    this.gone = new Promise((resolve) => {
      this.child.once("error", (error) => this.over(error.message, resolve));
      this.child.once("close", (code, signal) => this.over(`it ended with ${signal ?? `code ${code}`}`, resolve));
    });
    this.child.stdin.on("error", () => {}); // it is going; close says so
    this.listenToStderr();
    this.rpc = createMessageConnection(
      new StreamMessageReader(this.child.stdout),
      new StreamMessageWriter(this.child.stdin),
    );
    this.rpc.onError(([error]) => how.said(`connection: ${error.message}`));
    this.rpc.onNotification((method, params) => how.notified(method, params));
    this.rpc.listen();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Opens the session; gives the engine's version. */
  async initialize(): Promise<string> {
    const answer = await this.request("initialize", {
      processId: process.pid,
      clientInfo: { name: "Visual Studio Code", version: this.how.editor },
      rootUri: pathToFileURL(this.how.root).toString(),
      capabilities: { general: { positionEncodings: ["utf-16"] } },
      initializationOptions: this.how.options,
    });
    this.notify("initialized", {});
    return answer.serverInfo.version;
  }

  /** Calls a method; rejects also when the process ends before it has answered. */
  request<M extends keyof Calls>(
    method: M,
    params: Calls[M]["params"],
    token?: CancellationToken,
  ): Promise<Calls[M]["result"]> {
    // A token that is not there would count as a second parameter, and make a list of them.
    const rest = token ? [params, token] : [params];
    const answered = this.rpc.sendRequest<Calls[M]["result"]>(method, ...rest);
    const died = this.gone.then(() =>
      Promise.reject(new Error(`The engine has gone before it has answered ${method}.`)),
    );
    died.catch(() => {});
    return Promise.race([answered, died]);
  }

  notify<M extends keyof ClientNotifications>(method: M, params: ClientNotifications[M]): void {
    this.rpc.sendNotification(method, params).catch(() => {}); // it is going; close says so
  }

  /**
   * Ends the session as LSP has it, and resolves when the process is gone. One that
   * does not go is left to notice that its input has ended, or is killed after ms.
   */
  async close(ms: number): Promise<void> {
    const timer = setTimeout(() => this.child.kill(), ms);
    this.rpc.sendRequest("shutdown").then(
      () => this.notify("exit", {}),
      () => this.child.stdin.end(),
    );
    await this.gone;
    clearTimeout(timer);
  }

  private over(reason: string, resolve: () => void): void {
    resolve();
    this.rpc.dispose();
    this.how.ended(this.lastWords ? `${reason}: ${this.lastWords}` : reason);
  }

  private listenToStderr(): void {
    let rest = "";
    this.child.stderr.setEncoding("utf8");
    this.child.stderr.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = (lines.pop() ?? "").slice(-4096);
      for (const line of lines) {
        this.lastWords = line.slice(0, 500);
        this.how.said(line);
      }
    });
  }
}

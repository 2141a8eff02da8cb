// One page of logs and the engine that it shows: hears the page, answers it,
// follows for it.
import * as vscode from "vscode";
import type { Engine } from "../engine";
import type { Filter } from "../protocol";
import { Answers, matching } from "./answers";
import { chooseProcesses, chooseTime } from "./choose";
import { Following } from "./following";
import type { Kind, Questions, ToHost, ToPage, View } from "./messages";
import { open } from "./places";

/** A selection is copied up to so many characters: the clipboard is no file. */
const copyMost = 8 << 20;

/** What a panel is told by its session. */
export interface Owner {
  shows(filter: Filter): void;
}

export class Session implements vscode.Disposable {
  private answers: Answers | undefined;
  private following: Following | undefined;
  private number = 0; // of the following, as the page counts
  private finding: vscode.CancellationTokenSource | undefined;
  private ready = false;
  private waiting: ToPage[] = []; // for the page to be ready, and the engine
  private readonly listeners: vscode.Disposable[];

  constructor(
    private readonly webview: vscode.Webview,
    readonly engine: Engine,
    private readonly owner: Owner,
  ) {
    this.listeners = [
      webview.onDidReceiveMessage((message: ToHost) => this.hear(message)),
      engine.onState(() => void this.connect()),
    ];
  }

  private post(message: ToPage): void {
    void this.webview.postMessage(message);
  }

  /** tell sends a message once the page shows the engine's logs. */
  tell(message: ToPage): void {
    if (this.ready && this.answers) void this.deliver(message);
    else this.waiting.push(message);
  }

  /** A page that goes out of sight just then has not heard it: the next one does. */
  private async deliver(message: ToPage): Promise<void> {
    const heard = await this.webview.postMessage(message).then(undefined, () => true); // closed for good
    if (!heard) this.tell(message);
  }

  /** rest is told that the page is out of sight, and so no longer there: one that comes again says that it is ready. */
  rest(): void {
    this.ready = false;
    this.unfollow();
  }

  /** connect tells the page which engine there is, or why there is none. */
  private async connect(): Promise<void> {
    if (!this.ready) return;
    const { state } = this.engine;
    const folder = this.engine.folder.uri.toString();
    if (state.kind === "idle") {
      await this.engine.connect().catch(() => {}); // its state says so
    } else if (state.kind === "connected") {
      const info = await this.engine.request("session/info", {}).catch(() => undefined); // lost again: its state will say so
      if (!info || this.answers?.epoch === info.epoch) return;
      this.answers = new Answers(this.engine, info.epoch);
      this.post({ type: "engine", epoch: info.epoch, folder, reason: "" });
      for (const message of this.waiting.splice(0)) this.tell(message);
    } else {
      this.answers = undefined;
      this.unfollow();
      const reason = state.kind === "connecting" ? "Connecting to the engine…" : state.reason;
      this.post({ type: "engine", epoch: null, folder, reason });
    }
  }

  private hear(message: ToHost): void {
    switch (message.type) {
      case "ready":
        this.ready = true;
        this.answers = undefined;
        void this.connect();
        break;
      case "ask":
        void this.answer(message.id, message.kind, message.params);
        break;
      case "follow":
        this.follow(message.following, message.view, message.after);
        break;
      case "unfollow":
        this.unfollow();
        break;
      case "drawn":
        if (message.following === this.number) this.following?.drawn(message.batches);
        break;
      case "open":
        void this.say(open(this.engine, message.place));
        break;
      case "browse":
        void vscode.env.openExternal(vscode.Uri.parse(message.url, true));
        break;
      case "copy":
        void this.say(this.copy(message.view, message.first, message.last, message.ansi));
        break;
      case "choose":
        void this.choose(message.what, message.filter);
        break;
      case "shows":
        this.owner.shows(message.filter);
    }
  }

  private async answer(id: number, kind: Kind, params: Questions[Kind]["params"]): Promise<void> {
    try {
      this.post({ type: "answer", id, result: await this.ask(kind, params) });
    } catch (error) {
      this.post({ type: "failed", id, message: (error as Error).message });
    }
  }

  private ask(kind: Kind, params: Questions[Kind]["params"]): Promise<Questions[Kind]["result"]> {
    const { answers } = this;
    if (!answers) return Promise.reject(new Error("There is no connection to the engine."));
    switch (kind) {
      case "page":
        return answers.page(params as Questions["page"]["params"]);
      case "extent":
        return answers.extent(params as Questions["extent"]["params"]);
      case "marks":
        return answers.marks(params as Questions["marks"]["params"]);
      case "find":
        this.finding?.cancel(); // only what was typed last counts
        this.finding = new vscode.CancellationTokenSource();
        return answers.find(params as Questions["find"]["params"], this.finding.token);
    }
  }

  private follow(number: number, view: View, after: number): void {
    if (!this.answers) return;
    this.unfollow();
    this.number = number;
    this.following = new Following(
      this.engine,
      { filter: matching(view) },
      this.answers.cursor(after),
      (batches, skipped) => this.post({ type: "lines", following: number, batches, skipped }),
    );
  }

  private unfollow(): void {
    this.following?.dispose();
    this.following = undefined;
  }

  private async say(text: Promise<string | undefined>): Promise<void> {
    const said = await text.catch((error: Error) => error.message);
    this.post({ type: "notice", text: said ?? "" });
  }

  private async copy(view: View, first: number, last: number, ansi: boolean): Promise<string> {
    if (!this.answers) return "There is no connection to the engine.";
    const { lines, cut } = await this.answers.lines(view, first, last, ansi, copyMost);
    await vscode.env.clipboard.writeText(lines.map((l) => `${l.text}\n`).join(""));
    const count = `${lines.length.toLocaleString("en")} ${lines.length === 1 ? "line" : "lines"}`;
    return cut ? `Only the first ${count} were copied: save the log for more.` : `${count} copied`;
  }

  private async choose(what: "processes" | "time", filter: Filter): Promise<void> {
    const chosen = what === "time" ? await chooseTime(filter, Date.now()) : await chooseProcesses(this.engine, filter);
    if (chosen) this.post({ type: "filter", filter: chosen });
  }

  dispose(): void {
    this.unfollow();
    this.finding?.dispose();
    for (const l of this.listeners) l.dispose();
  }
}

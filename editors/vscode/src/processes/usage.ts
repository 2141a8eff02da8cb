// CPU and memory of what runs, for the rows of the processes view: asked for only
// while somebody wants to see it and the view is there to be seen.
import * as vscode from "vscode";
import type { Engine, Engines } from "../engine";
import type { Process } from "../protocol";

const everyMs = 2000;

/** The two members of a process that the engine tells only if asked. */
export type Used = Pick<Process, "cpu" | "rss">;

export class Usage implements vscode.Disposable {
  private wanted = false;
  private timer: NodeJS.Timeout | undefined;
  private used = new Map<string, Used>();
  private readonly seen: vscode.Disposable;

  constructor(
    private readonly engines: Engines,
    private readonly view: vscode.TreeView<unknown>,
    private readonly draw: () => void,
  ) {
    this.seen = view.onDidChangeVisibility(() => this.adjust());
  }

  /** What a process used at the last look; undefined if nobody looks. */
  of(engine: Engine, process: Process): Used | undefined {
    return this.used.get(key(engine, process));
  }

  async want(wanted: boolean): Promise<void> {
    this.wanted = wanted;
    this.adjust();
    await vscode.commands.executeCommand("setContext", "brummer-rpc.usage", wanted);
  }

  dispose(): void {
    clearInterval(this.timer);
    this.seen.dispose();
  }

  private adjust(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.wanted && this.view.visible) {
      this.timer = setInterval(() => this.look(), everyMs);
      void this.look();
    } else if (!this.wanted && this.used.size > 0) {
      this.used.clear();
      this.draw();
    }
  }

  private async look(): Promise<void> {
    const used = new Map<string, Used>();
    const connected = this.engines.all.filter(({ state }) => state.kind === "connected");
    const looks = connected.map(async (engine) => {
      const { processes } = await engine.request("process/list", { usage: true });
      for (const process of processes) used.set(key(engine, process), { cpu: process.cpu, rss: process.rss });
    });
    await Promise.all(looks).catch(() => {}); // the connection is going; the state says so
    if (!this.wanted) return;
    this.used = used;
    this.draw();
  }
}

const key = (engine: Engine, process: Process) => `${engine.folder.uri} ${process.id}`;

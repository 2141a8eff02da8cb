// Follows the engines for a list while somebody looks at it, and has it drawn again
// when there are news: soon, and once for many. What is not looked at costs nothing.
import * as vscode from "vscode";
import type { Engine, Engines } from "./engine";

/** Engines gather news for 100 ms; people need no list more often than this. */
const restMs = 250;

export class Looking implements vscode.Disposable {
  private following: vscode.Disposable | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** follow subscribes to what makes the list another one, and calls news. */
  constructor(
    private readonly engines: Engines,
    private readonly follow: (engine: Engine, news: () => void) => vscode.Disposable,
    private readonly draw: () => void,
  ) {}

  look(looking: boolean): void {
    this.following?.dispose();
    this.following = looking ? this.engines.each((engine) => this.attach(engine)) : undefined;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.following?.dispose();
  }

  private attach(engine: Engine): vscode.Disposable {
    const news = () => this.soon();
    return vscode.Disposable.from(this.follow(engine, news), engine.onState(news));
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.draw();
    }, restMs);
  }
}

// The page's end of the line to its host: questions with answers, messages, and
// the state that VS Code keeps.
import type { Kept, Kind, Questions, ToHost, ToPage } from "../../panel/messages";
import type { Host } from "./feed";

interface VsCode {
  postMessage(message: ToHost): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
}

declare function acquireVsCodeApi(): VsCode;

type Waiting = { resolve(result: unknown): void; reject(error: Error): void };

export class Channel implements Host {
  private readonly vscode = acquireVsCodeApi();
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  /** Calls listen with each message that is no answer. */
  constructor(listen: (message: ToPage) => void) {
    window.addEventListener("message", (event: MessageEvent<ToPage>) => {
      const message = event.data;
      if (message.type === "answer") this.settle(message.id)?.resolve(message.result);
      else if (message.type === "failed") this.settle(message.id)?.reject(new Error(message.message));
      else listen(message);
    });
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  ask<K extends Kind>(kind: K, params: Questions[K]["params"]): Promise<Questions[K]["result"]> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.vscode.postMessage({ type: "ask", id, kind, params } as ToHost);
    });
  }

  post(message: ToHost): void {
    this.vscode.postMessage(message);
  }

  get kept(): Kept | undefined {
    return this.vscode.getState();
  }

  keep(state: Kept): void {
    this.vscode.setState(state);
  }
}

// A terminal on one process of the engine: it shows the exact bytes, colours
// included, and what is typed is the process's input. Closing it leaves the process
// alone.
import * as vscode from "vscode";
import type { Engine, Lines } from "../engine";
import { messageOf } from "../engine/errors";
import { lives } from "../processes/model";
import type { Process, ProcessInputParams } from "../protocol";
import { LineInput } from "./input";
import { dim, Output } from "./output";

/** How much of what was printed before is shown. */
const tail = 1000;

export class ProcessTerminal implements vscode.Pseudoterminal {
  private readonly writer = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.writer.event;
  private readonly output = new Output();
  private readonly line = new LineInput();
  private parts: vscode.Disposable[] = [];
  private told: { run: number; state: string } | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly id: string,
  ) {}

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.parts = [
      this.engine.followLogs(
        { filter: { processes: [this.id] }, format: "raw", since: { tail } },
        { batch: (batch) => this.show(batch), failed: (error) => this.writer.fire(dim(error.message)) },
      ),
      this.engine.processes.onChange(() => this.tell()),
      this.engine.onState(({ kind }) => kind === "waiting" && this.writer.fire(dim("the connection was lost"))),
    ];
    if (dimensions) this.setDimensions(dimensions);
    this.tell();
  }

  close(): void {
    vscode.Disposable.from(...this.parts).dispose();
    this.writer.dispose();
  }

  setDimensions({ columns, rows }: vscode.TerminalDimensions): void {
    if (!this.pty || !lives(this.process)) return;
    this.engine.request("process/resize", { id: this.id, cols: columns, rows }).catch(() => {}); // it is ending
  }

  handleInput(keys: string): void {
    if (!lives(this.process)) return;
    if (this.pty) this.send({ id: this.id, data: keys });
    else this.typed(keys);
  }

  private typed(keys: string): void {
    const { echo, data, eof, interrupt } = this.line.type(keys);
    if (echo) this.writer.fire(echo);
    if (interrupt) this.engine.request("process/signal", { id: this.id, signal: "INT" }).catch(this.complain);
    if (data || eof) this.send({ id: this.id, data, eof });
  }

  private get process(): Process | undefined {
    return this.engine.processes.find(this.id);
  }

  private get pty(): boolean {
    return this.process?.stdio === "pty";
  }

  private send(input: ProcessInputParams): void {
    this.engine.request("process/input", input).catch(this.complain);
  }

  private readonly complain = (error: unknown) => this.writer.fire(dim(messageOf(error)));

  private show(batch: Lines): void {
    if ("data" in batch) this.writer.fire(this.output.text(batch, this.pty));
  }

  /** Says how a run has ended, once. The engine sends its last line before that. */
  private tell(): void {
    const process = this.process;
    if (!process || lives(process)) return;
    const { run, state } = process;
    if (this.told?.run === run && this.told.state === state) return;
    this.told = { run, state };
    this.writer.fire(dim(ended(process)));
  }
}

function ended({ state, exitCode, signal, reason }: Process): string {
  const how = signal ?? (exitCode === undefined ? "" : `exit code ${exitCode}`);
  return [state, how, reason].filter(Boolean).join(", ");
}

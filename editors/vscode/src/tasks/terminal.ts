// The terminal of a task: it starts the process or joins the one that runs, shows
// it, and says in words that the problem matcher $brummer knows when it is ready.
// That is how a task in the background can come before a debug session.
import * as vscode from "vscode";
import type { Engine } from "../engine";
import { kindOf, messageOf } from "../engine/errors";
import { lives } from "../processes/model";
import type { Process } from "../protocol";
import { ProcessTerminal } from "../terminal/process";

/** A start that could not be made ends the task with this code. */
const notStarted = 127;

export class TaskTerminal implements vscode.Pseudoterminal {
  private readonly writer = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.writer.event;
  private readonly closer = new vscode.EventEmitter<number>();
  readonly onDidClose = this.closer.event;
  private inner: ProcessTerminal | undefined;
  private parts: vscode.Disposable[] = [];
  private id: string | undefined;
  private joined = false;
  private ready = false;

  constructor(
    private readonly engine: Engine,
    private readonly what: { script: string; name?: string },
  ) {}

  async open(dimensions: vscode.TerminalDimensions | undefined): Promise<void> {
    this.say(`${this.what.script} starts`);
    try {
      const process = await this.start();
      this.inner = new ProcessTerminal(this.engine, process.id);
      this.parts = [
        this.inner.onDidWrite((text) => this.writer.fire(text)),
        this.engine.processes.onChange(() => this.look(process.id, process.run)),
      ];
      this.inner.open(dimensions);
      this.look(process.id, process.run);
    } catch (error) {
      this.say(`${this.what.script} has failed: ${messageOf(error)}`);
      this.closer.fire(notStarted);
    }
  }

  /** VS Code closes a task's terminal to end the task; what others have started is theirs. */
  close(): void {
    const { id } = this;
    if (id !== undefined && !this.joined && lives(this.engine.processes.find(id))) {
      this.engine.request("process/stop", { id }).catch(() => {}); // it is ending already
    }
    vscode.Disposable.from(...this.parts).dispose();
    this.inner?.close();
  }

  handleInput(data: string): void {
    this.inner?.handleInput(data);
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.inner?.setDimensions(dimensions);
  }

  /** Starts the process; one of that name that runs is joined. */
  private async start(): Promise<Process> {
    const { script, name } = this.what;
    const process = await this.engine.request("process/start", { script, name }).catch((error) => this.join(error));
    this.id = process.id;
    return process;
  }

  private async join(error: unknown): Promise<Process> {
    if (kindOf(error) !== "process.alreadyRunning") throw error;
    this.joined = true;
    const script = this.engine.scripts.all.find(({ id, name }) => this.what.script === id || this.what.script === name);
    return this.engine.request("process/status", { id: this.what.name ?? script?.name ?? this.what.script });
  }

  /** Says what the matcher waits for, once, and ends with the run. */
  private look(id: string, run: number): void {
    const process = this.engine.processes.find(id);
    if (!process || process.run < run) return; // the list is not as new as the answer yet
    if (process.ready && !this.ready) {
      this.ready = true;
      this.say(`${this.what.script} is ready`);
    }
    if (lives(process)) return; // also a later run, or a wait for one: a policy's, or somebody's
    this.say(`${this.what.script} has ended`);
    this.closer.fire(process.exitCode ?? 1);
  }

  private say(text: string): void {
    this.writer.fire(`[brummer] ${text}\r\n`);
  }
}

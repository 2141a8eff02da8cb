// The results of one workspace folder's tests, as runs of the Testing view: one for
// each run of a process that names tests, whoever has started it.
import * as vscode from "vscode";
import type { Engine } from "../engine";
import type { TestCase } from "../protocol";
import { everyTest } from "./pages";
import { rangeOf, type Tree } from "./tree";

export class Runs {
  private readonly open = new Map<string, vscode.TestRun>();
  /** the log line of the result that was reported last, by test */
  private readonly reported = new Map<string, number | undefined>();

  constructor(
    private readonly controller: vscode.TestController,
    private readonly engine: Engine,
    private readonly tree: Tree,
  ) {}

  /** What a process reports from now on belongs to the run of a request. */
  begin(process: string, run: vscode.TestRun): void {
    this.open.get(process)?.end();
    this.open.set(process, run);
  }

  /** Shows results as they come. */
  report(tests: readonly TestCase[]): void {
    for (const test of tests) this.tell(this.runOf(test.process), test);
  }

  /** Shows results that were there before, in a run of their own. */
  catchUp(tests: readonly TestCase[]): void {
    if (tests.length === 0) return;
    const run = this.controller.createTestRun(new vscode.TestRunRequest(), "So far", false);
    for (const test of tests) this.tell(run, test);
    run.end();
  }

  /**
   * Ends the run of a process that has ended. The list of processes is told before
   * that of tests, so the last results are asked for first.
   */
  async end(process: string): Promise<void> {
    const run = this.open.get(process);
    if (!run) return;
    this.open.delete(process);
    try {
      const { cases } = await everyTest(this.engine, { process });
      for (const test of cases) if (this.reported.get(test.id) !== test.seq) this.tell(run, test);
      run.appendOutput(await this.output(process));
    } finally {
      run.end();
    }
  }

  /** What a process has said last in its newest run, to stand beside the results. */
  private async output(process: string): Promise<string> {
    const { lines } = await this.engine.request("logs/query", {
      filter: { processes: [process] },
      tail: 500,
      ansi: true,
    });
    const newest = lines.at(-1)?.run;
    const said = lines.filter(({ run }) => run === newest);
    return said.map(({ text }) => `${text}\r\n`).join("");
  }

  forget(): void {
    for (const run of this.open.values()) run.end();
    this.open.clear();
    this.reported.clear();
  }

  private runOf(process: string): vscode.TestRun {
    const there = this.open.get(process);
    if (there) return there;
    const request = new vscode.TestRunRequest([this.tree.process(process)]);
    const run = this.controller.createTestRun(request, process, false);
    this.open.set(process, run);
    return run;
  }

  private tell(run: vscode.TestRun, test: TestCase): void {
    const item = this.tree.item(test.id);
    if (!item) return; // it is gone again
    this.reported.set(test.id, test.seq);
    if (test.status === "passed") run.passed(item, test.durationMs);
    else if (test.status === "failed") run.failed(item, messageOf(test), test.durationMs);
    else run.skipped(item);
  }
}

function messageOf(test: TestCase): vscode.TestMessage {
  const message = new vscode.TestMessage(test.message ?? "failed; its log says more");
  if (test.location)
    message.location = new vscode.Location(vscode.Uri.file(test.location.file), rangeOf(test.location));
  return message;
}

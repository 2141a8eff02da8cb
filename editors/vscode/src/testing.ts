// The Testing view: the tests that processes name in their output, and how they
// went. It runs tests by starting the process that has named them anew; it finds
// none in files, as a language's own extension does.
import * as vscode from "vscode";
import type { Engine, Engines } from "./engine";
import { messageOf } from "./engine/errors";
import { Mirror } from "./engine/mirror";
import { isOf, lives, nameFor } from "./processes/model";
import type { Process, TestCase } from "./protocol";
import { everyTest } from "./testing/pages";
import { Runs } from "./testing/runs";
import { type Source, Tree } from "./testing/tree";

export function register(context: vscode.ExtensionContext, engines: Engines): vscode.TestController {
  const controller = vscode.tests.createTestController("brummer-rpc", "Brummer");
  const folders = new Set<FolderTests>();
  const run = (request: vscode.TestRunRequest, token: vscode.CancellationToken) =>
    Promise.all([...folders].map((folder) => folder.run(request, token)));
  controller.createRunProfile(
    "Run",
    vscode.TestRunProfileKind.Run,
    async (request, token) => void (await run(request, token)),
    true,
  );
  controller.refreshHandler = async () => void (await Promise.all(engines.all.map((engine) => engine.connect())));
  context.subscriptions.push(
    controller,
    engines.each((engine) => {
      const folder = new FolderTests(controller, engine, engines.log);
      folders.add(folder);
      return new vscode.Disposable(() => {
        folders.delete(folder);
        folder.dispose();
      });
    }),
    vscode.commands.registerCommand("brummer-rpc.testing.showLog", (item?: vscode.TestItem) => {
      for (const folder of folders) if (item) folder.showLog(item);
    }),
  );
  return controller;
}

/** The tests of one workspace folder. */
class FolderTests implements vscode.Disposable {
  private readonly cases = new Mirror<TestCase>();
  private readonly tree: Tree;
  private readonly runs: Runs;
  private readonly parts: vscode.Disposable[];

  constructor(
    private readonly controller: vscode.TestController,
    private readonly engine: Engine,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.tree = new Tree(controller, engine);
    this.runs = new Runs(controller, engine, this.tree);
    this.parts = [
      this.cases,
      this.cases.onChange((changes) => {
        this.tree.apply(changes);
        if (changes.reset) this.runs.catchUp(changes.changed);
        else this.runs.report(changes.changed);
      }),
      engine.on("tests/changed", ({ previous, revision, added, removed }) =>
        this.cases.apply({ previous, revision, items: added, removed }),
      ),
      engine.onState(() => this.connected()),
      engine.scripts.onChange(() => this.tree.offer()),
      engine.processes.onChange(({ changed }) => {
        this.tree.offer();
        for (const process of changed) if (!lives(process)) this.soon(this.runs.end(process.id));
      }),
    ];
    this.connected();
  }

  /** Runs what of a request is this folder's. */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const wanted = request.include ?? [...this.controller.items].map(([, item]) => item);
    const bySource = new Map<Source, vscode.TestItem[]>();
    for (const item of wanted) {
      const source = this.tree.sourceOf(item);
      if (source && !request.exclude?.includes(item)) bySource.set(source, [...(bySource.get(source) ?? []), item]);
    }
    await Promise.all([...bySource].map(([source, items]) => this.runOne(source, items, request, token)));
  }

  /** Shows the line that tells of a test, or the log of its process. */
  showLog(item: vscode.TestItem): void {
    const source = this.tree.sourceOf(item);
    if (!source || "script" in source) return;
    const seq = this.cases.all.find((test) => this.tree.item(test.id) === item)?.seq;
    const ref = { folder: this.engine.folder.uri.toString(), process: source.process, seq };
    void vscode.commands.executeCommand("brummer-rpc.showLogs", ref);
  }

  dispose(): void {
    this.runs.forget();
    this.tree.dispose();
    for (const part of this.parts) part.dispose();
  }

  private connected(): void {
    if (this.engine.state.kind === "connected") {
      this.soon(this.cases.fill(() => this.list()));
      return;
    }
    this.runs.forget();
    this.cases.clear();
  }

  private async list() {
    const { revision, cases } = await everyTest(this.engine, {});
    return { revision, items: cases, removed: [] };
  }

  private async runOne(
    source: Source,
    items: vscode.TestItem[],
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const run = this.controller.createTestRun(request);
    for (const item of items) for (const test of this.tree.below(item)) run.enqueued(test);
    try {
      const process = await this.start(source);
      this.runs.begin(process.id, run);
      token.onCancellationRequested(() => this.soon(this.engine.request("process/stop", { id: process.id })));
      await this.engine.request("process/wait", { id: process.id, for: "exited" });
      await this.runs.end(process.id);
    } catch (error) {
      run.appendOutput(`${messageOf(error)}\r\n`);
      void vscode.window.showErrorMessage(`The tests could not be run: ${messageOf(error)}`);
    } finally {
      run.end();
    }
  }

  /** Starts a process again, or what has not run yet. */
  private start(source: Source): Promise<Process> {
    if ("process" in source) return this.engine.request("process/restart", { id: source.process });
    const { script } = source;
    const there = this.engine.processes.all.find((process) => isOf(process, script));
    if (there) return this.engine.request("process/restart", { id: there.id });
    const name = nameFor(script, this.engine.processes.all);
    return this.engine.request("process/start", { script: script.id, name });
  }

  private soon(work: Promise<unknown>): void {
    work.catch((error) => this.log.warn(`tests: ${messageOf(error)}`));
  }
}

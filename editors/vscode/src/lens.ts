// Run, Stop and Log above what can be run, where it is written: scripts of a
// package.json, targets of a Makefile, lines of a Procfile, and every other file of
// which the engine says in which line it has them. The files are read by the engine;
// nothing is parsed here.
import { relative, sep } from "node:path";
import * as vscode from "vscode";
import type { Engine, Engines } from "./engine";
import { messageOf } from "./engine/errors";
import { isOf, lives } from "./processes/model";
import type { Process, Script } from "./protocol";

/** Where scripts are written. The files that only imply some, as go.mod does, have no lines of them. */
const files: vscode.DocumentSelector = [
  "package.json",
  "deno.json",
  "deno.jsonc",
  "composer.json",
  "Makefile",
  "makefile",
  "GNUmakefile",
  "*.mk",
  "justfile",
  "Justfile",
  ".justfile",
  "Taskfile.yml",
  "Taskfile.yaml",
  "Procfile",
  "Procfile.*",
  "brummer.toml",
  "Cargo.toml",
  "pyproject.toml",
  "mise.toml",
  ".mise.toml",
  "tasks.json",
].map((name) => ({ scheme: "file", pattern: `**/${name}` }));

export function register(context: vscode.ExtensionContext, engines: Engines): void {
  const lenses = new Lenses(engines);
  context.subscriptions.push(lenses, vscode.languages.registerCodeLensProvider(files, lenses));
}

class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly parts: vscode.Disposable[];

  constructor(private readonly engines: Engines) {
    const again = () => this.changed.fire();
    this.parts = [
      this.changed,
      engines.each((engine) =>
        vscode.Disposable.from(engine.scripts.onChange(again), engine.processes.onChange(again)),
      ),
      vscode.workspace.onDidChangeConfiguration((e) => e.affectsConfiguration("brummer-rpc.codeLens") && again()),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const engine = this.engines.of(document.uri);
    const on = vscode.workspace.getConfiguration("brummer-rpc", document.uri).get("codeLens", true);
    if (!engine || !on) return [];
    await engine.connect().catch((error) => this.engines.log.debug(`code lens: ${messageOf(error)}`));
    const source = relative(engine.folder.uri.fsPath, document.uri.fsPath).split(sep).join("/");
    return engine.scripts.all
      .filter((script) => script.source === source && script.line !== undefined && script.line <= document.lineCount)
      .flatMap((script) => lensesOf(engine, script, document.lineAt((script.line ?? 1) - 1).range));
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}

function lensesOf(engine: Engine, script: Script, range: vscode.Range): vscode.CodeLens[] {
  const folder = engine.folder.uri.toString();
  const process = engine.processes.all.find((p) => isOf(p, script));
  const lens = (title: string, command: string, argument: object) =>
    new vscode.CodeLens(range, { title, command: `brummer-rpc.${command}`, arguments: [argument] });
  if (!process) return [lens("$(play) Run", "start", { folder, script: script.id })];
  const ref = { folder, process: process.id };
  const does = !lives(process)
    ? [lens("$(play) Run", "start", { folder, script: script.id })]
    : [lens("$(debug-stop) Stop", "stop", ref), lens("$(debug-restart) Restart", "restart", ref)];
  return [...does, lens(`$(output) Log${outcome(process)}`, "showLogs", ref)];
}

function outcome({ state, exitCode }: Process): string {
  if (state === "failed") return exitCode === undefined ? " (failed)" : ` (failed with ${exitCode})`;
  return "";
}

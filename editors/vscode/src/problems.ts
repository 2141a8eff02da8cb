// What the engine finds in the output, in the Problems view: each problem at its
// place with the frames of its stack, and a way to the line that tells of it.
import * as vscode from "vscode";
import type { Engine, Engines, ProcessRef } from "./engine";
import type { Diagnostic, DiagnosticData, PublishDiagnosticsParams, Range } from "./protocol";

/** Which line a diagnostic came from. VS Code copies diagnostics, so they are told apart by what they say. */
type Origins = Map<string, DiagnosticData | undefined>;

export function register(context: vscode.ExtensionContext, engines: Engines): void {
  context.subscriptions.push(
    engines.each((engine) => new Problems(engine)),
    vscode.commands.registerCommand("brummer-rpc.clearProblems", () =>
      Promise.all(engines.all.map((engine) => engine.request("problems/clear", {}))),
    ),
  );
}

class Problems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("brummer-rpc");
  private readonly origins = new Map<string, Origins>();
  private readonly parts: vscode.Disposable;

  constructor(private readonly engine: Engine) {
    this.parts = vscode.Disposable.from(
      this.collection,
      engine.on("textDocument/publishDiagnostics", (p) => this.publish(p)),
      engine.onState(({ kind }) => kind !== "connected" && this.clear()),
      vscode.languages.registerCodeActionsProvider(
        { scheme: "file" },
        {
          provideCodeActions: (document, _, { diagnostics }) =>
            diagnostics.flatMap((d) => this.action(document.uri, d)),
        },
      ),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }

  /** The set of a file is always the whole set. */
  private publish({ uri, diagnostics }: PublishDiagnosticsParams): void {
    const file = vscode.Uri.parse(uri, true);
    const made = diagnostics.map((d) => ({ shown: diagnostic(d), origin: d.data }));
    this.collection.set(
      file,
      made.map((m) => m.shown),
    );
    if (made.length === 0) this.origins.delete(file.toString());
    else this.origins.set(file.toString(), new Map(made.map((m) => [said(m.shown), m.origin])));
  }

  private clear(): void {
    this.collection.clear();
    this.origins.clear();
  }

  private action(file: vscode.Uri, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
    const origin = this.origins.get(file.toString())?.get(said(diagnostic));
    if (!origin) return []; // another's, or a mistake in brummer.toml, which no line tells of
    const action = new vscode.CodeAction(`Show in the log of ${origin.process}`, vscode.CodeActionKind.QuickFix);
    const ref: ProcessRef & { seq?: number } = {
      folder: this.engine.folder.uri.toString(),
      process: origin.process,
      seq: origin.seq,
    };
    action.diagnostics = [diagnostic];
    action.command = { command: "brummer-rpc.showLogs", title: action.title, arguments: [ref] };
    return [action];
  }
}

function said({ range, source, message }: vscode.Diagnostic): string {
  return `${range.start.line}:${range.start.character} ${source} ${message}`;
}

const severities = [
  vscode.DiagnosticSeverity.Error,
  vscode.DiagnosticSeverity.Warning,
  vscode.DiagnosticSeverity.Information,
  vscode.DiagnosticSeverity.Hint,
];

function diagnostic(d: Diagnostic): vscode.Diagnostic {
  const made = new vscode.Diagnostic(range(d.range), d.message, severities[d.severity - 1]);
  made.source = d.source;
  made.code = d.code;
  made.relatedInformation = d.relatedInformation?.map(
    ({ location, message }) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.parse(location.uri, true), range(location.range)),
        message,
      ),
  );
  return made;
}

function range({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

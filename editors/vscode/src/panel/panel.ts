// The log panels of the window: opened by a command, restored with the window, and
// what commands and menus do with the one that has the focus.
import * as vscode from "vscode";
import type { Engine, Engines, ProcessRef } from "../engine";
import type { Filter } from "../protocol";
import { html, pages } from "./html";
import type { Kept, ToPage } from "./messages";
import { Session } from "./session";

/** The kind of webview that a log panel is. */
export const kind = "brummer-rpc.logs";

/** What a command may say: whose log, and which line of it. */
export type LogRef = ProcessRef & { seq?: number };

interface Panel {
  panel: vscode.WebviewPanel;
  session: Session;
}

/** Registers the commands and the panels' restoring. */
export function register(context: vscode.ExtensionContext, engines: Engines): void {
  const panels = new Panels(context.extensionUri, engines);
  const command = (name: string, run: (ref?: LogRef) => unknown) =>
    vscode.commands.registerCommand(`brummer-rpc.${name}`, run);
  const tell = (what: (ToPage & { type: "do" })["what"]) => () => panels.latest?.session.tell({ type: "do", what });
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(kind, {
      deserializeWebviewPanel: async (p, kept) => panels.restore(p, kept as Kept | undefined),
    }),
    command("showLogs", (ref) => panels.show(ref)),
    command("showLogsInNewPanel", (ref) => panels.show(ref, true)),
    command("logs.copy", tell("copy")),
    command("logs.copyAnsi", tell("copyAnsi")),
    command("logs.find", tell("find")),
    command("logs.follow", tell("follow")),
    command("logs.clearFilter", tell("clearFilter")),
    command("logs.wrap", tell("wrap")),
    command("logs.clear", () => panels.clear()),
    command("logs.save", () => panels.save()),
  );
}

class Panels {
  /** the panel that was active last */
  latest: (Panel & { filter: Filter }) | undefined;
  private readonly open: (Panel & { filter: Filter })[] = [];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly engines: Engines,
  ) {}

  /** show shows the log of a process, or of all: in the panel that its folder has, or in a new one. */
  async show(ref?: LogRef, another = false): Promise<void> {
    const engine = ref ? this.engines.of(vscode.Uri.parse(ref.folder)) : await this.choose();
    if (!engine) return;
    const there = another ? undefined : this.open.filter((p) => p.session.engine === engine).at(-1);
    if (there) there.panel.reveal(undefined, ref === undefined);
    const { session } = there ?? this.create(engine);
    if (ref?.seq !== undefined) session.tell({ type: "reveal", process: ref.process, seq: ref.seq });
    else if (ref) session.tell({ type: "filter", filter: { processes: [ref.process] } });
  }

  private async choose(): Promise<Engine | undefined> {
    const { all } = this.engines;
    if (all.length < 2) return all[0];
    const items = all.map((engine) => ({ label: engine.folder.name, engine }));
    return (await vscode.window.showQuickPick(items, { title: "Show the logs of" }))?.engine;
  }

  private create(engine: Engine): Panel {
    const options = { enableScripts: true, localResourceRoots: [pages(this.extension)] };
    const beside = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    return this.attach(vscode.window.createWebviewPanel(kind, "Logs", beside, options), engine);
  }

  restore(panel: vscode.WebviewPanel, kept: Kept | undefined): void {
    const engine = (kept && this.engines.of(vscode.Uri.parse(kept.folder))) ?? this.engines.all[0];
    if (engine) this.attach(panel, engine, kept?.filter);
    else panel.dispose(); // its folder is no longer here
  }

  private attach(panel: vscode.WebviewPanel, engine: Engine, filter: Filter = {}): Panel {
    const made = { panel, filter, session: new Session(panel.webview, engine, { shows: (f) => this.shows(made, f) }) };
    this.open.push(made);
    this.latest = made;
    panel.onDidChangeViewState(() => {
      if (panel.active) this.latest = made;
      if (!panel.visible) made.session.rest();
    });
    panel.onDidDispose(() => {
      made.session.dispose();
      this.open.splice(this.open.indexOf(made), 1);
      if (this.latest === made) this.latest = this.open.at(-1);
    });
    this.shows(made, filter);
    panel.webview.html = html(panel.webview, this.extension);
    return made;
  }

  private shows(made: { panel: vscode.WebviewPanel; filter: Filter }, filter: Filter): void {
    made.filter = filter;
    const { processes } = filter;
    made.panel.title = processes ? `Logs: ${processes.join(", ")}` : "Logs";
  }

  /** clear hides what the panel's processes have written until now. */
  async clear(): Promise<void> {
    const { latest } = this;
    if (!latest) return;
    const { processes } = latest.filter;
    const whose = processes ? processes.join(", ") : "all processes";
    const yes = "Clear";
    const answer = await vscode.window.showWarningMessage(
      `Clear the logs of ${whose}, for every client of the engine?`,
      { modal: true },
      yes,
    );
    if (answer === yes) await latest.session.engine.request("logs/clear", { filter: processes ? { processes } : {} });
  }

  /** save writes what the panel's filter lets through to a file. */
  async save(): Promise<void> {
    const { latest } = this;
    if (!latest) return;
    const { engine } = latest.session;
    const to = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(engine.folder.uri, `${latest.filter.processes?.join("-") ?? "all"}.log`),
      title: "Save the log",
    });
    if (!to) return;
    try {
      const { lines, path } = await engine.request("logs/export", {
        path: to.fsPath,
        filter: latest.filter,
        overwrite: true,
      });
      void vscode.window.showInformationMessage(`${lines.toLocaleString("en")} lines were written to ${path}.`);
    } catch (error) {
      void vscode.window.showErrorMessage(`The log was not saved: ${(error as Error).message}`);
    }
  }
}

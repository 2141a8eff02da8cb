// The processes view: its badge, its welcome, and the commands of its rows, which
// the command palette has too.
import * as vscode from "vscode";
import type { Engine, EngineState, Engines, ProcessRef } from "../engine";
import { messageOf } from "../engine/errors";
import * as actions from "./actions";
import { type Item, lives, summary } from "./model";
import type { Node } from "./rows";
import { type Argument, type Target, targetOf } from "./target";
import { Tree } from "./tree";
import { Usage } from "./usage";
import { count } from "./words";

/** Gives the tree, for tests. */
export function register(
  context: vscode.ExtensionContext,
  engines: Engines,
): { tree: Tree; view: vscode.TreeView<Node> } {
  const tree = new Tree(engines);
  const view = vscode.window.createTreeView("brummer-rpc.processes", { treeDataProvider: tree, showCollapseAll: true });
  const usage = new Usage(engines, view, () => tree.draw());
  tree.usage = usage;
  context.subscriptions.push(tree, view, usage);

  const adorn = () => {
    view.badge = badge(engines);
  };
  const attach = (e: Engine) =>
    vscode.Disposable.from(
      e.processes.onChange(adorn),
      e.onState(() => mood(engines)),
    );
  context.subscriptions.push(engines.each(attach), engines.onFolders(adorn), untilTrusted(view));
  commands(context, engines, usage);
  return { tree, view };
}

/** Says in the view why its actions are grey, until they are not. */
function untilTrusted(view: vscode.TreeView<Node>): vscode.Disposable {
  if (!vscode.workspace.isTrusted) view.message = "This workspace is not trusted: you can look, and start nothing.";
  return vscode.workspace.onDidGrantWorkspaceTrust(() => {
    view.message = undefined;
  });
}

/** How many have failed; nothing if none has. */
function badge(engines: Engines): vscode.ViewBadge | undefined {
  const failed = engines.all.reduce((sum, engine) => sum + summary(engine.processes.all).failed, 0);
  return failed === 0 ? undefined : { value: failed, tooltip: `${count(failed, "process", "processes")} failed` };
}

/** For the welcome of an empty view: whether it is empty for want of a connection, or of things to run. */
function mood(engines: Engines): void {
  const all = (kind: EngineState["kind"]) =>
    engines.all.length > 0 && engines.all.every(({ state }) => state.kind === kind);
  void vscode.commands.executeCommand("setContext", "brummer-rpc.failed", all("failed"));
  void vscode.commands.executeCommand("setContext", "brummer-rpc.connected", all("connected"));
}

function commands(context: vscode.ExtensionContext, engines: Engines, usage: Usage): void {
  const add = (name: string, run: (argument: never) => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(`brummer-rpc.${name}`, run));
  /** A command about one thing: a failure of the engine is told to the user. */
  const about = (name: string, title: string, fits: (item: Item) => boolean, run: (target: Target) => unknown) =>
    add(name, async (argument: Argument) => {
      try {
        const target = await targetOf(engines, argument, fits, title);
        if (target) return await run(target);
      } catch (error) {
        void vscode.window.showErrorMessage(messageOf(error));
      }
    });

  about(
    "start",
    "Start",
    ({ process }) => !lives(process),
    (target) => actions.start(target),
  );
  about("stop", "Stop", ({ process }) => lives(process), actions.stop);
  about("restart", "Restart", ({ process }) => process !== undefined, actions.restart);
  about("signal", "Send a Signal", ({ process }) => lives(process), actions.signal);
  about("remove", "Forget", ({ process }) => process !== undefined && !lives(process), actions.remove);
  about("open", "Open in Browser", ({ process }) => lives(process) && process?.urls.length !== 0, actions.open);
  about("definition", "Go to Definition", ({ script }) => script !== undefined, actions.definition);
  about("showLog", "Show Log", ({ process }) => process !== undefined, showLog);
  add("openUrl", (url: string) => actions.openUrl(url));
  add("stopAll", () => Promise.all(engines.all.map((engine) => engine.request("process/stopAll", {}))).catch(complain));
  add("runCommand", () => runCommand(engines).catch(complain));
  add("showUsage", () => usage.want(true));
  add("hideUsage", () => usage.want(false));
}

const complain = (error: unknown) => void vscode.window.showErrorMessage(messageOf(error));

function showLog({ engine, process }: Target): Thenable<unknown> | undefined {
  if (!process) return undefined;
  const ref: ProcessRef = { folder: engine.folder.uri.toString(), process: process.id };
  return vscode.commands.executeCommand("brummer-rpc.showLogs", ref);
}

/** Runs what the user types, in the folder of the editor or the first. */
async function runCommand(engines: Engines): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const engine = (active && engines.of(active)) ?? engines.all[0];
  if (!engine) throw new Error("Open a folder first: a process runs in one.");
  const command = await vscode.window.showInputBox({
    title: "Run a Command",
    placeHolder: "npm run dev",
    prompt: `It runs in ${engine.folder.name}.`,
  });
  if (command) await engine.request("process/start", { command });
}

// The item in the status bar: how many processes run, how many have failed, how many
// errors there are. It is there once there is a connection, or was to be one.
import * as vscode from "vscode";
import type { Engine, Engines, ProcessRef } from "./engine";
import { type Summary, summary } from "./processes/model";
import { count, detailsOf, stateOf } from "./processes/words";
import type { Process } from "./protocol";

/** Changes are shown together, once in so many ms. */
const showMs = 100;

/** Gives the item, for tests. */
export function register(context: vscode.ExtensionContext, engines: Engines): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem("brummer-rpc.status", vscode.StatusBarAlignment.Left, 10);
  item.name = "Brummer";
  item.command = "brummer-rpc.pick";
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      show(item, engines);
    }, showMs);
  };
  context.subscriptions.push(
    item,
    engines.each((e) => vscode.Disposable.from(e.onState(draw), e.processes.onChange(draw))),
    engines.onFolders(draw),
    new vscode.Disposable(() => clearTimeout(timer)),
    vscode.commands.registerCommand("brummer-rpc.pick", () => pick(engines)),
  );
  return item;
}

function show(item: vscode.StatusBarItem, engines: Engines): void {
  const known = engines.all.filter(({ state }) => state.kind !== "idle");
  if (known.length === 0) {
    item.hide();
    return;
  }
  const down = known.filter(({ state }) => state.kind === "failed" || state.kind === "waiting");
  const sum = summary(known.flatMap((engine) => engine.processes.all));
  item.text = down.length > 0 ? "$(warning) Brummer" : text(sum);
  item.accessibilityInformation = { label: `Brummer: ${words(sum)}${down.length > 0 ? ", no connection" : ""}` };
  item.backgroundColor = down.length > 0 || sum.failed > 0 ? warning : undefined;
  item.tooltip = tooltip(known, sum);
  item.show();
}

const warning = new vscode.ThemeColor("statusBarItem.warningBackground");

function text({ running, failed, errors }: Summary): string {
  const parts = [`$(pulse) ${running}`];
  if (failed > 0) parts.push(`$(error) ${failed}`);
  if (errors > 0) parts.push(`$(bug) ${errors}`);
  return parts.join("  ");
}

function words({ running, failed, errors, warnings }: Summary): string {
  const parts = [`${running} running`, failed > 0 ? `${failed} failed` : ""];
  return [...parts, count(errors, "error"), count(warnings, "warning")].filter((part) => part !== "").join(", ");
}

function tooltip(known: readonly Engine[], sum: Summary): vscode.MarkdownString {
  const tip = new vscode.MarkdownString(`**Brummer**: ${words(sum)}\n\n`, true);
  tip.isTrusted = {
    enabledCommands: ["brummer-rpc.restartEngine", "brummer-rpc.showEngineLog", "brummer-rpc.showLogs"],
  };
  for (const { folder, state } of known) {
    tip.appendText(`${folder.name}: ${"reason" in state ? state.reason : state.kind}`);
    tip.appendMarkdown("\n\n");
  }
  tip.appendMarkdown("[Logs](command:brummer-rpc.showLogs) · [Engine's log](command:brummer-rpc.showEngineLog)");
  return tip.appendMarkdown(" · [Restart the connection](command:brummer-rpc.restartEngine)");
}

type Choice = vscode.QuickPickItem & { run?: () => unknown };

/** A list of the processes, and of what can be done with all of them. */
async function pick(engines: Engines): Promise<void> {
  const command = (label: string, id: string): Choice => ({
    label,
    run: () => vscode.commands.executeCommand(`brummer-rpc.${id}`),
  });
  const processes = engines.all.flatMap((engine) => engine.processes.all.map((process) => choice(engine, process)));
  const chosen = await vscode.window.showQuickPick<Choice>(
    [
      ...processes,
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      command("$(play) Start…", "start"),
      command("$(debug-stop) Stop…", "stop"),
      command("$(output) Show All Logs", "showLogs"),
      command("$(list-tree) Show the Processes", "processes.focus"),
    ],
    { title: "Brummer", matchOnDescription: true },
  );
  await chosen?.run?.();
}

function choice(engine: Engine, process: Process): Choice {
  const ref: ProcessRef = { folder: engine.folder.uri.toString(), process: process.id };
  return {
    label: process.id,
    description: [stateOf(process), ...detailsOf(process)].join(" · "),
    run: () => vscode.commands.executeCommand("brummer-rpc.showLogs", ref),
  };
}

// The rows of the processes view as VS Code wants them: label, icon, colour, what a
// screen reader says, and the words by which package.json chooses a row's actions.
import * as vscode from "vscode";
import type { Engine, ProcessRef } from "../engine";
import type { Process } from "../protocol";
import { type Group, type Item, lives } from "./model";
import { detailsOf, nameOf, stateOf } from "./words";

/** A node of the tree. */
export type Node =
  | { kind: "folder"; engine: Engine }
  | { kind: "group"; engine: Engine; group: Group }
  | { kind: "item"; engine: Engine; item: Item }
  | { kind: "url"; engine: Engine; process: Process; url: string };

export function row(node: Node): vscode.TreeItem {
  const made = rowOf(node);
  made.id = idOf(node);
  return made;
}

/**
 * Stable as long as the thing is the same, so that VS Code keeps what is open and
 * selected. A row that gets its first address is a new one: the old one would stay closed.
 */
export function idOf(node: Node): string {
  const folder = node.engine.folder.uri.toString();
  if (node.kind === "folder") return folder;
  if (node.kind === "group") return `${folder} ${node.group.id}`;
  if (node.kind === "url") return `${folder} ${node.process.id} ${node.url}`;
  const { script, process } = node.item;
  return `${folder} ${script?.id ?? ""} ${process?.id ?? ""} ${addresses(process).length > 0}`;
}

function rowOf(node: Node): vscode.TreeItem {
  if (node.kind === "folder") return folderRow(node.engine);
  if (node.kind === "group") return groupRow(node.group);
  if (node.kind === "url") return urlRow(node.process, node.url);
  return itemRow(node.engine, node.item);
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

function folderRow({ folder, state }: Engine): vscode.TreeItem {
  const made = new vscode.TreeItem(folder.name, Expanded);
  made.iconPath = vscode.ThemeIcon.Folder;
  if (state.kind === "failed" || state.kind === "waiting") {
    made.description = state.reason;
    made.iconPath = new vscode.ThemeIcon("warning");
  }
  return made;
}

/** Long lists of a tool are closed; what lives in them opens them. */
function groupRow({ label, tool, items }: Group): vscode.TreeItem {
  const open = items.length <= 12 || items.some(({ process }) => lives(process));
  const made = new vscode.TreeItem(label, open ? Expanded : Collapsed);
  made.description = tool;
  made.contextValue = "group";
  return made;
}

function itemRow(engine: Engine, item: Item): vscode.TreeItem {
  const { process } = item;
  const made = new vscode.TreeItem(nameOf(item), addresses(process).length > 0 ? Expanded : None);
  const details = detailsOf(process);
  made.description = details.join(" · ");
  made.iconPath = iconOf(process);
  made.contextValue = flags(item).join(" ");
  made.accessibilityInformation = { label: [nameOf(item), stateOf(process), ...details].join(", ") };
  if (process) {
    const ref: ProcessRef = { folder: engine.folder.uri.toString(), process: process.id };
    made.command = { command: "brummer-rpc.showLogs", title: "Show Log", arguments: [ref] };
  }
  return made;
}

/** What a process serves now. */
export function addresses(process: Process | undefined): readonly string[] {
  return process && lives(process) ? process.urls : [];
}

function urlRow(process: Process, url: string): vscode.TreeItem {
  const made = new vscode.TreeItem(url, None);
  made.iconPath = new vscode.ThemeIcon("globe");
  made.contextValue = "url";
  made.tooltip = `Open ${url}`;
  made.accessibilityInformation = { label: `${url}, served by ${process.id}`, role: "link" };
  made.command = { command: "brummer-rpc.openUrl", title: "Open", arguments: [url] };
  return made;
}

/** What can be done with a row. */
function flags({ script, process }: Item): string[] {
  const can = [];
  if (lives(process)) can.push("stop", "restart");
  else can.push("start");
  if (process) can.push("log", "terminal");
  if (process && !lives(process)) can.push("remove");
  if (addresses(process).length > 0) can.push("open");
  if (script) can.push("definition");
  return can;
}

/** Shape and colour say the state; neither says anything alone. */
function iconOf(process: Process | undefined): vscode.ThemeIcon {
  const icon = (name: string, color: string) => new vscode.ThemeIcon(name, new vscode.ThemeColor(color));
  if (!process) return new vscode.ThemeIcon("circle-outline");
  switch (process.state) {
    case "pending":
      return icon("watch", "charts.yellow");
    case "starting":
    case "stopping":
      return icon("loading~spin", "charts.yellow");
    case "running":
      if (!process.ready) return icon("loading~spin", "charts.yellow");
      return process.healthy === false
        ? icon("warning", "list.warningForeground")
        : icon("pass-filled", "charts.green");
    case "backoff":
      return icon("history", "list.warningForeground");
    case "failed":
      return icon("error", "list.errorForeground");
    case "exited":
      return new vscode.ThemeIcon("check");
    case "stopped":
      return new vscode.ThemeIcon("debug-stop");
  }
}

// What of the user's settings the connection to an engine needs.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { InitializeOptions } from "../protocol";
import type { Binary, Places } from "./binary";
import { withoutEditor } from "./environment";

const run = promisify(execFile);

function settings(folder: vscode.WorkspaceFolder): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("brummer-rpc", folder);
}

export function placesFor(folder: vscode.WorkspaceFolder, extension: vscode.Extension<unknown>): Places {
  return {
    setting: settings(folder).get("serverPath", ""),
    extension: extension.extensionPath,
    folder: folder.uri.fsPath,
    path: process.env.PATH ?? "",
  };
}

/** A window's reload takes some seconds, and more than fifteen on a busy machine; the processes outlive it. */
const reloadMs = 30_000;

export function initializeOptions(folder: vscode.WorkspaceFolder): InitializeOptions {
  return {
    lingerMs: settings(folder).get("onClose") === "stopAtOnce" ? 0 : reloadMs,
    autostart: vscode.workspace.isTrusted && settings(folder).get("autostart", false),
  };
}

/**
 * Sees to it that an engine whose processes are to be kept is one that outlives its
 * clients: one that is started for a client ends with the last. An engine that is
 * there already stays what it is.
 */
export async function prepareEngine(folder: vscode.WorkspaceFolder, binary: Binary): Promise<void> {
  if (!vscode.workspace.isTrusted || settings(folder).get("onClose") !== "keep") return;
  await run(binary.path, ["serve", "--detach", "--root", folder.uri.fsPath], {
    env: withoutEditor(process.env),
    timeout: 20_000,
  });
}

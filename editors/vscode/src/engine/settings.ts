// What of the user's settings the connection to an engine needs.
import * as vscode from "vscode";
import type { InitializeOptions } from "../protocol";
import type { Places } from "./binary";

export function placesFor(folder: vscode.WorkspaceFolder, extension: vscode.Extension<unknown>): Places {
  return {
    setting: vscode.workspace.getConfiguration("brummer-rpc", folder).get("serverPath", ""),
    extension: extension.extensionPath,
    folder: folder.uri.fsPath,
    path: process.env.PATH ?? "",
  };
}

/** A window's reload takes a few seconds; the processes outlive it. */
const reloadMs = 15_000;

export function initializeOptions(): InitializeOptions {
  return { lingerMs: reloadMs };
}

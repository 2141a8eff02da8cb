// The Browser view: what pages behind a proxy tell of themselves. It follows the
// engines while somebody looks.
import * as vscode from "vscode";
import type { Engines } from "./engine";
import { PageTree } from "./pages/tree";

export function register(context: vscode.ExtensionContext, engines: Engines): void {
  const tree = new PageTree(engines);
  const view = vscode.window.createTreeView("brummer-rpc.pages", { treeDataProvider: tree });
  tree.look(view.visible);
  context.subscriptions.push(
    tree,
    view,
    view.onDidChangeVisibility(({ visible }) => tree.look(visible)),
  );
}

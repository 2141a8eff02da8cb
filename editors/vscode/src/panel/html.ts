// The log panel's page before its script runs. Nothing is loaded but the
// extension's own script and style, and nothing inline runs.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** The folder of the extension that pages may load from. */
export const pages = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, "out", "webview");

export function html(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(16).toString("base64");
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(pages(extension), name));
  const wrap = vscode.workspace.getConfiguration("brummer-rpc").get("logs.wrapLines", false);
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; font-src ${webview.cspSource}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Logs</title>
<link rel="stylesheet" href="${file("logs.page.css")}">
</head>
<body data-wrap="${wrap}">
<main><h1 class="unseen">Logs</h1></main>
<script nonce="${nonce}" src="${file("logs.page.js")}"></script>
</body>
</html>`;
}

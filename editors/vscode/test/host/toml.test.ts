// Completion and hovers in brummer.toml.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { placeOf } from "../../src/toml/place";
import { engine } from "./brummer";
import { test } from "./runner";

test("a place in a TOML file is below its table, its line and its inline tables", () => {
  const lines = ["# a comment", "[processes.web]", "command = 'x'"];
  const places: [string, string[], string][] = [
    ["", ["processes", "web"], "key"],
    ["rea", ["processes", "web"], "key"],
    ["ready.lo", ["processes", "web", "ready"], "key"],
    ["restart = ", ["processes", "web", "restart"], "value"],
    ["ready = { ", ["processes", "web", "ready"], "key"],
    ["ready = { log = 'a, { b', po", ["processes", "web", "ready"], "key"],
    ["ready = { log = ", ["processes", "web", "ready", "log"], "value"],
    ["[", [], "table"],
    ["[processes.", ["processes"], "table"],
  ];
  for (const [before, path, wants] of places) assert.deepEqual(placeOf(lines, before), { path, wants }, before);
});

/** Opens a brummer.toml with that text; nothing is written. */
async function open(text: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.joinPath((await engine()).folder.uri, "brummer.toml");
  const document = await vscode.workspace.openTextDocument(uri);
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, all, text);
  await vscode.workspace.applyEdit(edit);
  return document;
}

async function offered(text: string): Promise<string[]> {
  const { uri, lineCount, lineAt } = await open(text);
  const end = new vscode.Position(lineCount - 1, lineAt(lineCount - 1).text.length);
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    uri,
    end,
  );
  return items
    .filter(({ kind }) => kind !== vscode.CompletionItemKind.Text)
    .map(({ label }) => `${typeof label === "string" ? label : label.label}`);
}

test("brummer.toml is completed by what the engine knows", async () => {
  const tables = await offered("[");
  for (const table of ["processes", "logs", "engine"]) assert(tables.includes(table), `${tables}`);
  const keys = await offered("[processes.web]\n");
  for (const key of ["command", "dependsOn", "ready", "restart"]) assert(keys.includes(key), `${keys}`);
  assert.deepEqual((await offered("[proxy]\ninject = ")).sort(), ["false", "true"]);
});

test("a key of brummer.toml says what it is for", async () => {
  const { uri } = await open("[logs]\nbudget = '1MiB'\n");
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    uri,
    new vscode.Position(1, 2),
  );
  const said = hovers.flatMap(({ contents }) => contents.map((c) => (typeof c === "string" ? c : c.value)));
  assert(
    said.some((text) => text.startsWith("How much output is kept")),
    `${said}`,
  );
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
});

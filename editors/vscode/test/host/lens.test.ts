// Run, Stop and Log above what can be run, by the commands that a click runs.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { isOf } from "../../src/processes/model";
import { engine } from "./brummer";
import { test, until } from "./runner";

/** What stands above a line, by title without its icon. */
async function above(uri: vscode.Uri, line: number): Promise<Map<string, vscode.Command>> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
  const here = lenses.filter(({ range }) => range.start.line === line);
  return new Map(here.flatMap(({ command: c }) => (c ? [[c.title.replace(/\$\([\w-]+\) /, ""), c]] : [])));
}

async function click(uri: vscode.Uri, line: number, title: string): Promise<void> {
  const command = await until(title, async () => (await above(uri, line)).get(title));
  await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}

const files = [
  { file: "front/package.json", text: '{\n  "scripts": {\n    "dev": "sleep 600"\n  }\n}\n', line: 2, name: "dev" },
  { file: "back/Makefile", text: ".PHONY: serve\n\nserve: ## serve\n\texec sleep 600\n", line: 2, name: "serve" },
];

for (const { file, text, line, name } of files) {
  test(`above ${name} in ${file} it is run, shown and stopped`, async () => {
    const e = await engine();
    const uri = vscode.Uri.joinPath(e.folder.uri, file);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const script = await until("it can be run", () => e.scripts.all.find((s) => s.source === file && s.name === name));
    await vscode.workspace.openTextDocument(uri);
    await click(uri, line, "Run");
    const process = await until("it runs", () => e.processes.all.find((p) => isOf(p, script) && p.state === "running"));
    await click(uri, line, "Log");
    const tab = () => vscode.window.tabGroups.all.flatMap((g) => g.tabs).find((t) => t.label === `Logs: ${process.id}`);
    await until("its log", tab);
    await click(uri, line, "Stop");
    await until("it has ended", () => e.processes.find(process.id)?.state === "stopped");
    await until("Run again", async () => (await above(uri, line)).has("Run"));
    await vscode.window.tabGroups.close(tab() ?? []);
  });
}

test("nothing stands above a line if the setting says so", async () => {
  const e = await engine();
  const uri = vscode.Uri.joinPath(e.folder.uri, "Procfile");
  await vscode.workspace.openTextDocument(uri);
  const settings = vscode.workspace.getConfiguration("brummer-rpc");
  await settings.update("codeLens", false, vscode.ConfigurationTarget.Workspace);
  assert.equal((await above(uri, 2)).size, 0);
  await settings.update("codeLens", undefined, vscode.ConfigurationTarget.Workspace);
  assert((await above(uri, 2)).size > 0);
});

// A debug session with a task before it: VS Code's own debugger for Node begins once
// the process in the background is ready.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as vscode from "vscode";
import { engine } from "./brummer";
import { test, until } from "./runner";

test("a debug session begins once the server before it is ready", async () => {
  const e = await engine();
  const at = (path: string) => vscode.Uri.joinPath(e.folder.uri, path);
  const write = (path: string, text: string) => vscode.workspace.fs.writeFile(at(path), new TextEncoder().encode(text));
  await write("debugged.js", 'require("fs").writeFileSync("debugged", String(Date.now()));\n');
  const begun = await vscode.debug.startDebugging(e.folder, {
    name: "app",
    type: "node",
    request: "launch",
    program: at("debugged.js").fsPath,
    cwd: e.folder.uri.fsPath,
    preLaunchTask: "server", // of tasks.test.ts: it runs brummer:slow
  });
  assert(begun, "no session has begun");
  const mark = at("debugged").fsPath;
  await until("the program has run", () => existsSync(mark) && readFileSync(mark, "utf8") !== "");
  const readyAt = e.processes.find("slow")?.readyAt ?? Number.POSITIVE_INFINITY;
  assert(Number(readFileSync(mark, "utf8")) >= readyAt, "it ran before the server was ready");
  await e.request("process/stop", { id: "slow" });
  await until("no task runs", () => vscode.tasks.taskExecutions.length === 0);
});

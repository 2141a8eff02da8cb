// A workspace of several folders: an engine for each, which other clients share.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { Engine } from "../../src/engine";
import type { Node } from "../../src/processes/rows";
import { brummer } from "./brummer";
import { note, test, until } from "./runner";

async function folder(name: string): Promise<Engine> {
  const { engines } = await brummer();
  const found = engines.all.find((engine) => engine.folder.name === name);
  assert(found, `${name} has no engine`);
  return found;
}

/** What the rows below a row say. */
async function labels(node?: Node): Promise<string[]> {
  const { tree } = (await brummer()).processes;
  return (await tree.getChildren(node)).map((child) => String(tree.getTreeItem(child).label));
}

/** The command line, as a shell in that folder would run it. */
async function shell(engine: Engine, ...args: string[]): Promise<string> {
  const program = vscode.workspace.getConfiguration("brummer-rpc").get("serverPath", "");
  return (await promisify(execFile)(program, args, { cwd: engine.folder.uri.fsPath })).stdout;
}

test("the extension is not there before it is needed, and then soon", async () => {
  const extension = vscode.extensions.getExtension("brummer-rpc.brummer-rpc");
  assert.equal(extension?.isActive, false);
  const start = performance.now();
  const { engines } = await brummer();
  note(`activation, reading the bundle included: ${(performance.now() - start).toFixed(0)} ms`);
  assert(engines.all.every(({ state }) => state.kind === "idle"));
});

test("the view has a row for each folder, with what can be run there", async () => {
  const { tree } = (await brummer()).processes;
  assert.deepEqual(await labels(), ["one", "two"]);
  const [one, two] = await tree.getChildren();
  assert.deepEqual(await labels(one), ["package.json"]);
  assert.deepEqual(await labels(two), ["Makefile"]);
});

test("each folder has an engine of its own", async () => {
  const [one, two] = [await folder("one"), await folder("two")];
  await two.request("process/start", { command: "echo here", name: "only-two" });
  await until("it has run", () => two.processes.find("only-two")?.state === "exited");
  assert.equal(one.processes.find("only-two"), undefined);
  const { engines } = await brummer();
  assert.equal(engines.of(vscode.Uri.joinPath(two.folder.uri, "Makefile")), two);
});

test("a shell sees what the window runs, and the window what the shell does", async () => {
  const one = await folder("one");
  await one.request("process/start", { command: "exec sleep 600", name: "by-window" });
  assert.match(await shell(one, "ps"), /by-window\s+running/);
  await shell(one, "start", "--name", "by-shell", "--", "sleep", "600");
  await until("the shell's process", () => one.processes.find("by-shell")?.state === "running");
  await shell(one, "stop", "by-window");
  await until("it is stopped", () => one.processes.find("by-window")?.state === "stopped");
});

test("a folder that goes takes its engine along, one that comes brings one", async () => {
  const { engines } = await brummer();
  const two = await folder("two");
  vscode.workspace.updateWorkspaceFolders(1, 1);
  await until("it is gone", () => engines.all.length === 1);
  await until("its connection is closed", () => two.state.kind === "idle");
  const three = vscode.Uri.joinPath(two.folder.uri, "../three");
  vscode.workspace.updateWorkspaceFolders(1, 0, { uri: three });
  await until("it is there", () => engines.all.length === 2);
  assert.deepEqual(await labels(), ["one", "three"]);
  const [, row] = await (await brummer()).processes.tree.getChildren();
  assert.deepEqual(await labels(row), ["Procfile"]);
});

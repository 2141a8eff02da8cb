// The processes view: what its rows say, and what their actions do.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Node } from "../../src/processes/rows";
import { brummer, engine } from "./brummer";
import { test, until } from "./runner";

/** All rows of an item, by the name that they show. */
async function rows(): Promise<Map<string, Node>> {
  const { processes } = await brummer();
  const found = new Map<string, Node>();
  for (const group of await processes.tree.getChildren()) {
    for (const node of await processes.tree.getChildren(group)) {
      if (node.kind === "item") found.set(`${node.item.script?.id ?? node.item.process?.id}`, node);
    }
  }
  return found;
}

async function item(id: string): Promise<vscode.TreeItem> {
  const { processes } = await brummer();
  const node = (await rows()).get(id);
  assert(node, `there is no row ${id}`);
  return processes.tree.getTreeItem(node);
}

/** Waits until a row says that; it may not be there yet. */
async function says(id: string, what: "label" | "description", text: string | RegExp): Promise<void> {
  let last: unknown;
  await until(`the row ${id} says ${text}`, async () => {
    if (!(await rows()).has(id)) return false;
    const row = await item(id);
    last = what === "label" ? row.accessibilityInformation?.label : row.description;
    return typeof text === "string" ? last === text : text.test(String(last));
  });
}

async function act(command: string, id: string): Promise<void> {
  await vscode.commands.executeCommand(`brummer-rpc.${command}`, (await rows()).get(id));
}

test("what can be run is grouped by the file that names it", async () => {
  const { processes } = await brummer();
  const groups = await processes.tree.getChildren();
  const labels = groups.map((group) => processes.tree.getTreeItem(group).label);
  for (const label of ["Started by hand", "Makefile", "Procfile"]) assert(labels.includes(label), `${labels}`);
});

test("what was not started says so to a screen reader, and can be started", async () => {
  const web = await item("procfile:web");
  assert.equal(web.label, "web");
  assert.equal(web.accessibilityInformation?.label, "web, not started");
  assert.match(web.contextValue ?? "", /\bstart\b/);
  assert.doesNotMatch(web.contextValue ?? "", /\bstop\b/);
});

test("start in the view starts it, and its addresses are its children", async () => {
  const { processes } = await brummer();
  await act("start", "procfile:web");
  await says("procfile:web", "label", "web, running");
  const children = await until("an address", async () => {
    const found = await processes.tree.getChildren((await rows()).get("procfile:web"));
    return found.length > 0 && found;
  });
  const url = processes.tree.getTreeItem(children[0] as Node);
  assert.match(String(url.label), /^http:\/\/127\.0\.0\.1:\d+/);
  assert.match((await item("procfile:web")).contextValue ?? "", /\bopen\b/);
});

test("a second thing of that name is started under its id", async () => {
  const e = await engine();
  await act("start", "make:web");
  await until("both", () => e.processes.find("make:web") && e.processes.find("web"));
  assert.equal(e.processes.find("make:web")?.source, "Makefile");
  await act("stop", "make:web");
});

test("restart in the view gives it a new run", async () => {
  const e = await engine();
  const before = e.processes.find("web")?.run ?? 0;
  await act("restart", "procfile:web");
  await until("the next run", () => (e.processes.find("web")?.run ?? 0) > before);
  await until("web runs", () => e.processes.find("web")?.state === "running");
});

test("cpu and memory are told when somebody wants to see them", async () => {
  const { processes } = await brummer();
  await vscode.commands.executeCommand("brummer-rpc.processes.focus");
  await until("the view is seen", () => processes.view.visible);
  assert.doesNotMatch(String((await item("procfile:web")).description), /MB/);
  await vscode.commands.executeCommand("brummer-rpc.showUsage");
  await says("procfile:web", "description", /\d+ % CPU, \d+ MB/);
  await vscode.commands.executeCommand("brummer-rpc.hideUsage");
  assert.doesNotMatch(String((await item("procfile:web")).description), /MB/);
});

test("the tooltip asks for what a process uses", async () => {
  const { processes } = await brummer();
  const node = (await rows()).get("procfile:web") as Node;
  const { tooltip } = await processes.tree.resolveTreeItem(processes.tree.getTreeItem(node), node);
  assert.match((tooltip as vscode.MarkdownString).value, /MB/);
});

test("stop in the view stops it", async () => {
  await act("stop", "procfile:web");
  await says("procfile:web", "label", /^web, stopped/);
});

test("what fails says how, and is counted on the badge", async () => {
  const { processes } = await brummer();
  const e = await engine();
  await e.request("process/start", { name: "broken", command: "exit 7" });
  await says("broken", "description", "exit code 7");
  assert.equal(processes.view.badge?.value, 1);
  await act("remove", "broken");
  await until("it is forgotten", () => !e.processes.find("broken"));
  await until("no badge", () => processes.view.badge === undefined);
});

test("what waits says for whom", async () => {
  const e = await engine();
  await e.request("process/start", { name: "db", command: "sleep 60", ready: { log: "never printed" } });
  await e.request("process/start", { name: "app", command: "true", dependsOn: { db: "ready" } });
  await says("app", "description", "waits for db");
  assert.equal((await item("app")).accessibilityInformation?.label, "app, pending, waits for db");
  assert.equal((await item("db")).accessibilityInformation?.label, "db, not ready");
  await vscode.commands.executeCommand("brummer-rpc.stopAll");
  await until("both have stopped", () => e.processes.find("db")?.state === "stopped");
});

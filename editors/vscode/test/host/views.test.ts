// The Testing view, the Requests view and the code lens with a real engine.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { RequestTree } from "../../src/requests/tree";
import { describe } from "../../src/requests/words";
import { brummer, engine } from "./brummer";
import { test, until } from "./runner";

/** The labels of all items below some. */
function labels(items: vscode.TestItemCollection): string[] {
  return [...items].flatMap(([, item]) => [item.label, ...labels(item.children)]);
}

/** The first item with that label. */
function find(items: vscode.TestItemCollection, label: string): vscode.TestItem | undefined {
  for (const [, item] of items) {
    const found = item.label === label ? item : find(item.children, label);
    if (found) return found;
  }
  return undefined;
}

test("what runs tests can be run before any has run", async () => {
  const e = await engine();
  await e.connect();
  const { tests } = await brummer();
  await until("the targets", () => labels(tests.items).includes("test-failing"));
  const target = find(tests.items, "test-failing");
  assert.equal(vscode.workspace.asRelativePath(target?.uri ?? ""), "Makefile");
});

test("tests that a process names have their suites, and the failed one its place", async () => {
  const e = await engine();
  const { tests } = await brummer();
  const command = "go test -v -tags failing ./internal/...";
  await e.request("process/start", { name: "checks", command });
  await e.request("process/wait", { id: "checks", for: "exited" });
  await until("TestVAT", () => find(tests.items, "TestVAT"));
  const file = () => vscode.workspace.asRelativePath(find(tests.items, "TestVAT")?.uri ?? "");
  await until("its file", () => file() === "internal/price/failing_test.go");
  const failed = find(tests.items, "TestVAT");
  assert((failed?.range?.start.line ?? 0) > 10);
  assert.equal(failed?.parent?.label, "checks");
  assert.equal(find(tests.items, "several")?.parent?.label, "TestOf");
});

test("tests that are gone leave nothing behind", async () => {
  const e = await engine();
  const { tests } = await brummer();
  await e.request("process/remove", { id: "checks" });
  await until("no checks", () => !labels(tests.items).includes("checks"));
  assert(!find(tests.items, "several"));
});

test("a line of a Procfile has Run above it, and then Stop and Log", async () => {
  const e = await engine();
  const uri = vscode.Uri.joinPath(e.folder.uri, "Procfile");
  await vscode.workspace.openTextDocument(uri);
  const titles = async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
    return lenses
      .filter(({ range }) => range.start.line === 2)
      .map(({ command }) => command?.title.replace(/\$\([\w-]+\) /, ""));
  };
  assert.deepEqual(await titles(), ["Run"]);
  await e.request("process/start", { script: "procfile:worker" });
  await until("worker runs", () => e.processes.find("worker")?.state === "running");
  assert.deepEqual(await titles(), ["Stop", "Restart", "Log"]);
  await e.request("process/stop", { id: "worker" });
  await until("worker has ended", () => e.processes.find("worker")?.state === "stopped");
  assert.deepEqual(await titles(), ["Run", "Log"]);
});

test("requests through a proxy are listed, told in full, and come as they happen", async () => {
  const { engines } = await brummer();
  const e = await engine();
  await e.request("process/start", { script: "procfile:web" });
  const url = await until("web's address", async () => {
    const { urls } = await e.request("urls/list", {});
    return urls.find(({ process, state }) => process === "web" && state === "verified")?.url;
  });
  const proxy = await e.request("proxy/register", { url, process: "web" });
  const tree = new RequestTree(engines);
  let drawn = 0;
  tree.onDidChangeTreeData(() => void drawn++);
  tree.look(true);
  await fetch(new URL("/cart?item=tea&n=2", proxy.proxyUrl));
  await until("the view is drawn again", () => drawn > 0);
  const fronts = await tree.getChildren();
  const front = fronts.find((row) => row.kind === "proxy" && row.proxy.id === proxy.id); // others come by themselves
  const row = await until("the request", async () => (await tree.getChildren(front))[0]);
  assert(row.kind === "request" && row.request.status === 200);
  assert.match(tree.getTreeItem(row).accessibilityInformation?.label ?? "", /^GET \/cart\?item=tea&n=2, 200 · /);
  const detail = await e.request("proxy/request", { id: row.request.id, bodies: true });
  assert.match(describe(detail, []), /Answer: 200 HTTP\/1\.1/);

  tree.filter = { status: "404" };
  assert.deepEqual(await tree.getChildren(front), []);
  tree.filter = {};
  await vscode.commands.executeCommand("brummer-rpc.requests.replay", row);
  await until("the repeated one", async () => (await tree.getChildren(front)).length === 2);
  await vscode.commands.executeCommand("brummer-rpc.requests.copyAsCurl", row);
  assert.match(await vscode.env.clipboard.readText(), /^curl /);
  await vscode.commands.executeCommand("brummer-rpc.requests.clear");
  await until("an empty list", async () => (await tree.getChildren(front)).length === 0);
  tree.dispose();
  await e.request("proxy/unregister", { id: proxy.id });
  await e.request("process/stop", { id: "web" });
});

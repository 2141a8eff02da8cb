// What a user meets less often than the journey's way: failed tests run again, a port
// that somebody else has, errors of a page, the engine's own log, and processes that
// outlive the window.
//
//	BRUMMER_RPC_VSCODE=$(.ci/vscode) BRUMMER_RPC_VSIX=FILE node --test editors/vscode/test/ui/flows.test.mjs
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { caller } from "./logpanel.mjs";
import { folder, Server, shop } from "./server.mjs";
import { until } from "./until.mjs";
import { launch, Workbench } from "./workbench.mjs";

const temporary = folder();
const workspace = shop(temporary.root);
let server, browser, workbench;

const open = (where = workspace) => Workbench.open(browser, server, where, { height: 1200 });

before(async () => {
  server = await Server.start(temporary.root, process.env.BRUMMER_RPC_VSIX);
  browser = await launch();
  workbench = await open();
  await workbench.container("Brummer");
  await workbench.row("Procfile").waitFor();
});

afterEach(async (t) => {
  if (t.passed === false) await workbench?.shoot(`failed ${t.name.slice(0, 30)}`);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  temporary.remove();
});

test("the engine's own log is an output channel", async () => {
  await workbench.command("Brummer: Show the Engine's Log");
  const output = workbench.page.locator(".part.panel .view-lines");
  await output.getByText(/shop:.connected.to/).waitFor();
  await workbench.command("View: Hide Panel");
});

test("failed tests are run again", async () => {
  const items = (label) => workbench.page.locator(`.test-explorer .monaco-list-row[aria-label*="${label}"]`);
  const run = async () => (await server.call("process/status", { id: "test-failing" })).run;
  await workbench.command("Testing: Focus on Test Explorer View");
  await items("make test-failing").click();
  await items("make test-failing").locator('a[aria-label^="Run Test"]').click();
  await items("test-failing (Failed)").first().waitFor();
  const before = await run();
  await workbench.command("Test: Rerun Failed Tests");
  await until("another run", async () => (await run()) > before);
  await server.call("process/wait", { id: "test-failing", for: "exited" });
  await items("test-failing (Failed)").first().waitFor();
  const script = items("test-failing (Failed)").first();
  await until("the failed test", async () => {
    // What comes of the run may still draw the tree anew, open or closed.
    if ((await script.getAttribute("aria-expanded")) === "false") await script.click();
    return items("TestVAT (Failed)").isVisible();
  });
  await workbench.command("Test Results: Focus on Test Results View");
  await workbench.page.locator(".test-output-peek, .part.panel").getByText("two teas with VAT").first().waitFor();
});

// address waits for that of a process.
function address(of) {
  return until(`the address of ${of}`, async () => {
    const { urls } = await server.call("urls/list");
    return urls.find(({ process, state }) => process === of && state === "verified")?.url;
  });
}

// listens is a command that serves a page on a port; the page's script fails.
function listens(port) {
  const page = '<!doctype html><title>shop</title><h1>Shop</h1><script src="/app.js"></script>';
  const script = 'console.warn("cart is empty");\nsetTimeout(() => { throw new Error("no such price"); }, 10);\n';
  const serve = `require("http").createServer((q, a) => {
    const js = q.url === "/app.js";
    a.setHeader("content-type", js ? "text/javascript" : "text/html");
    a.end(js ? ${JSON.stringify(script)} : ${JSON.stringify(page)});
  }).listen(${port}, "127.0.0.1", function () { console.log("listening on http://127.0.0.1:" + this.address().port); })`;
  return ["node", "-e", serve];
}

test("a port that another process has is told of, with a way out", async () => {
  await server.call("process/start", { name: "first", command: listens(0) });
  const { port } = new URL(await address("first"));
  await server.call("process/start", { name: "second", command: listens(port) });
  const notice = workbench.notification(`second has not got port ${port}: first has it.`);
  await notice.waitFor();
  await notice.getByRole("button", { name: "Stop first and Restart" }).click();
  await until("second has it", async () => (await server.call("process/status", { id: "second" })).state === "running");
  assert.equal((await server.call("process/status", { id: "first" })).state, "stopped");
});

test("errors and vitals of a page are in the Browser view", async () => {
  const url = await address("second");
  const { proxyUrl } = await server.call("proxy/register", { url, process: "second", label: "shop" });
  await workbench.container("Brummer");
  await workbench.page.locator('.pane-header[aria-label^="Browser"]').click();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(proxyUrl);
  const row = workbench.row("page http");
  await row.first().waitFor();
  await until("the error is counted", async () => / 1 error/.test(await row.first().getAttribute("aria-label")));
  await row.first().locator(".monaco-tl-twistie").click();
  await workbench
    .row("error, Error: no such price")
    .or(workbench.row("error, Uncaught Error: no such price"))
    .waitFor();
  await workbench.row("console, cart is empty").waitFor();
  await workbench.shoot("vscode-browser");
  await context.close();
});

test("processes that are to be kept outlive the window, and are found again", async () => {
  const kept = path.join(temporary.root, "kept");
  mkdirSync(kept);
  writeFileSync(path.join(kept, "Procfile"), "sleeper: exec sleep 3600\n");
  const call = caller(server, kept);
  server.settings({ "brummer-rpc.onClose": "keep" });
  const window = await open(kept);
  await window.container("Brummer");
  await window.act(window.row("sleeper, not started"), "Start");
  await window.row("sleeper, running").waitFor();
  const { pid } = await call("process/status", { id: "sleeper" });
  await window.close();
  await until("no window is connected", async () => {
    const { sessions } = await call("session/info");
    return sessions.every(({ client }) => client.name !== "Visual Studio Code");
  });
  assert.equal((await call("process/status", { id: "sleeper" })).pid, pid);
  const again = await open(kept);
  await again.container("Brummer");
  await again.row("sleeper, running").waitFor();
  assert.equal((await call("process/status", { id: "sleeper" })).pid, pid);
  await again.close();
  await call("session/stopEngine").catch(() => {}); // it may be gone before it answers
});

// What a user does with the installed extension in the real workbench, from the
// first process to the end of the engine. The tests build on each other: one server,
// one workspace.
//
//	BRUMMER_RPC_VSCODE=$(.ci/vscode) BRUMMER_RPC_VSIX=FILE node --test editors/vscode/test/ui/journey.test.mjs
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { folder, Server, shop } from "./server.mjs";
import { until } from "./until.mjs";
import { launch, line, Workbench } from "./workbench.mjs";

const temporary = folder();
const workspace = shop(temporary.root);
let server, browser, workbench;

// open shows the workspace in a window of its own, high enough for every row of the
// view: those that are scrolled away are not there for the browser either.
const open = () => Workbench.open(browser, server, workspace, { height: 1200 });

// mutilate breaks the installed bundle as BRUMMER_RPC_BREAK says, {"from", "to"}: see
// broken.test.mjs.
function mutilate(extension) {
  const { from, to } = JSON.parse(process.env.BRUMMER_RPC_BREAK ?? "{}");
  if (from === undefined) return;
  const bundle = path.join(extension, "out/main.js");
  const code = readFileSync(bundle, "utf8");
  assert(code.includes(from), `the bundle has no ${from}`);
  writeFileSync(bundle, code.replaceAll(from, to));
}

before(async () => {
  server = await Server.start(temporary.root, process.env.BRUMMER_RPC_VSIX, { edit: mutilate });
  browser = await launch();
  workbench = await open();
});

afterEach(async (t) => {
  if (t.passed === false) await workbench?.shoot(`failed ${t.name.slice(0, 30)}`);
});

after(async () => {
  await workbench?.close();
  await browser?.close();
  await server?.stop();
  temporary.remove();
});

// web is the row of the Procfile's server; others of that name were not started.
const web = (state) => workbench.row(`web, ${state}`);

async function pidOf(id) {
  return (await server.call("process/status", { id })).pid;
}

test("a process is started from the tree, and has its address below it", async () => {
  await workbench.container("Brummer");
  await workbench.row("Procfile").waitFor();
  await workbench.act(web("not started").last(), "Start");
  await web("running").waitFor();
  await workbench.row("http://127.0.0.1").first().waitFor(); // it opens the row; a click on it would open a page
});

test("its log is watched and searched", async () => {
  await workbench.command("Brummer: Show Logs");
  const log = workbench.webview();
  await log
    .getByText(/heartbeat \d+/)
    .first()
    .waitFor();
  await log.getByRole("searchbox").fill("listening");
  await until("a hit", async () => /1 of 1|1$/.test((await log.locator("output.count").textContent()) ?? ""));
});

test("a click on a problem lands on its line", async () => {
  await workbench.act(workbench.row("build-broken, not started"), "Start");
  await workbench.command("Problems: Focus on Problems View");
  const problem = workbench.page.locator(".markers-panel .monaco-list-row", { hasText: "undefined: percent" });
  await problem.click();
  await workbench.page.locator('.tab[data-resource-name="broken.go"]').waitFor();
  await until("line 9", async () => (await line(workbench)) === 9);
  await workbench.command("View: Hide Panel");
});

test("tests are run from the Testing view, and the failed one says where", async () => {
  const items = (label) => workbench.page.locator(`.test-explorer .monaco-list-row[aria-label*="${label}"]`);
  await workbench.command("Testing: Focus on Test Explorer View");
  await items("make test-failing").click();
  await items("make test-failing").locator('a[aria-label^="Run Test"]').click();
  await items("test-failing (Failed)").first().click();
  await workbench.page.keyboard.press("ArrowRight");
  await items("TestVAT (Failed)").waitFor();
  await items("TestOf (Passed)").waitFor();
  await items("TestVAT (Failed)").dblclick();
  await workbench.page.locator('.tab[data-resource-name="failing_test.go"]').waitFor();
});

test("requests through a proxy are listed, and one is shown in full", async () => {
  await workbench.container("Brummer");
  await workbench.page.locator('.pane-header[aria-label^="Requests"]').click();
  const { urls } = await server.call("urls/list");
  const { proxyUrl } = await server.call("proxy/register", { url: urls[0].url, process: "web", label: "shop" });
  await fetch(new URL("/cart?item=tea&n=2", proxyUrl));
  await workbench.row("GET /cart").first().click();
  await workbench.page.locator(".editor-container", { hasText: "Answer: 200" }).first().waitFor();
});

test("a server that dies is told of, with the way to its log", async () => {
  process.kill(await pidOf("web"), "SIGKILL");
  const notice = workbench.notification("web has been ended by SIGKILL");
  await notice.waitFor();
  assert.equal(await notice.count(), 1);
  await notice.getByRole("button", { name: "Restart" }).click();
  await web("running").waitFor();
});

test("a reload of the window keeps what runs", async () => {
  const pid = await pidOf("web");
  await workbench.reload();
  await web("running").waitFor();
  assert.equal(await pidOf("web"), pid);
});

test("a second window shows the same engine, and stops what the first has started", async () => {
  const engine = await server.engine();
  const second = await open();
  await second.container("Brummer");
  await second.row("web, running").waitFor();
  await second.act(second.row("web, running"), "Stop");
  await second.row("web, stopped").waitFor();
  await web("stopped").waitFor();
  assert.equal(await server.engine(), engine);
  assert.deepEqual(await second.outside(), []);
  await second.close();
});

test("an engine that is killed comes back, and starts things as before", async () => {
  const engine = await server.engine();
  process.kill(engine, "SIGKILL");
  await until("another engine", async () => (await server.engine().catch(() => engine)) !== engine);
  await until("web to be started", async () => {
    // All rows are drawn anew with another engine: a click may hit one that is just going.
    const idle = web("not started").last();
    if (await idle.isVisible()) await workbench.act(idle, "Start");
    return web("running")
      .waitFor({ timeout: 5000 })
      .then(() => true)
      .catch(() => false);
  });
  await workbench.row("http://127.0.0.1").first().waitFor(); // its row is drawn anew with it
  await workbench.act(web("running"), "Stop");
  await web("stopped").waitFor();
});

test("no request has left the machine", async () => {
  assert.deepEqual(await workbench.outside(), []);
});

test("a workspace that is not trusted can be looked at, and nothing is started", async () => {
  server.settings({ "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" });
  const restricted = await open();
  await restricted.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
  await restricted.container("Brummer");
  const row = restricted.row("worker, not started").last();
  await row.hover();
  const start = row.locator('a[aria-label^="Start"]');
  assert.equal(await start.getAttribute("aria-disabled"), "true");
  await restricted.command("Brummer: Show Logs");
  await restricted
    .webview()
    .getByText(/listening on|heartbeat|bye/)
    .first()
    .waitFor();
  await restricted.close();
});

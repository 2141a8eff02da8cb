// Takes the pictures of docs/screenshots that the READMEs show: the installed
// extension on the example, in a light, a dark and a high contrast theme. Made by
// hand, and looked at:
//
//	make vscode-pictures
import { folder, Server, shop } from "./server.mjs";
import { until } from "./until.mjs";
import { launch, Workbench } from "./workbench.mjs";

const themes = { light: "Light Modern", dark: "Dark Modern", contrast: "Default High Contrast" };
const plain = {
  "window.zoomLevel": 0,
  "ports.autoForward": false,
  "remote.autoForwardPorts": false,
  "testing.automaticallyOpenTestResults": "neverOpen",
};

const temporary = folder();
const workspace = shop(temporary.root, site());
const server = await Server.start(temporary.root, process.env.BRUMMER_RPC_VSIX, { settings: plain });
const browser = await launch();
try {
  const first = await open("dark");
  for (const script of ["procfile:web", "procfile:worker", "make:build-broken"])
    await server.call("process/start", { script });
  await until("errors of the build", async () => (await server.call("problems/list")).counts.errors > 2);
  for (const name of Object.keys(themes)) {
    const workbench = await open(name);
    await logs(workbench);
    await workbench.shoot(`vscode-${name}`);
    await workbench.close();
  }
  await requests(first);
  await first.shoot("vscode-requests");
  await page(first);
  await first.shoot("vscode-browser");
  await tests(first);
  await first.shoot("vscode-tests");
} finally {
  await browser.close();
  await server.stop();
  temporary.remove();
}

// open opens a window in a theme, with the extension's views.
async function open(theme) {
  server.settings({ ...plain, "workbench.colorTheme": themes[theme] });
  const workbench = await Workbench.open(browser, server, workspace, { width: 1280, height: 760 });
  await workbench.container("Brummer");
  await workbench.row("brummer.toml").first().waitFor();
  return workbench;
}

// logs shows what all processes say, with a search.
async function logs(workbench) {
  await workbench.row("web, running").first().locator(".monaco-tl-twistie").click();
  await workbench.command("Brummer: Show Logs");
  const count = workbench.webview().locator("output.count");
  await workbench.webview().getByRole("searchbox").fill("undefined");
  await until("the hit", async () => (await count.textContent()) === "1 of 1");
  await settled(workbench);
}

// requests asks the server for a few things through a proxy, and shows one of them.
async function requests(workbench) {
  const { urls } = await server.call("urls/list");
  const { proxyUrl } = await server.call("proxy/register", { url: urls[0].url, process: "web", label: "shop" });
  for (const page of ["/", "/cart?item=tea&n=2", "/cart?item=gold", "/checkout", "/checkout", "/checkout"])
    await fetch(new URL(page, proxyUrl));
  await workbench.page.locator('.pane-header[aria-label^="Processes"]').click();
  await workbench.page.locator('.pane-header[aria-label^="Requests"]').click();
  await workbench.row("GET /cart?item=tea").first().click();
  await workbench.page.locator(".editor-container", { hasText: "Answer: 200" }).first().waitFor();
  await settled(workbench);
}

// page shows a page, opened through a proxy in an editor, and what it tells of itself.
async function page(workbench) {
  await server.call("process/start", { name: "site", command: ["node", "site/serve.mjs"] });
  const { url } = await until("the site's address", async () => {
    const { urls } = await server.call("urls/list");
    return urls.find(({ process }) => process === "site");
  });
  const { proxyUrl } = await server.call("proxy/register", { url, process: "site", label: "site" });
  await workbench.command("Simple Browser: Show");
  await workbench.page.locator(".quick-input-widget input").fill(proxyUrl);
  await workbench.page.keyboard.press("Enter");
  await workbench.page.locator('.pane-header[aria-label^="Requests"]').click();
  await workbench.page.locator('.pane-header[aria-label^="Browser"]').click();
  const row = workbench.row("page http");
  await until("the error is counted", async () => / 1 error/.test(await row.first().getAttribute("aria-label")));
  await row.first().locator(".monaco-tl-twistie").click();
  await workbench.row("console, the cart is empty").waitFor();
  await settled(workbench);
}

// site is a page with a mistake in its script, and its server.
function site() {
  return {
    "site/index.html": `<!doctype html>
<meta charset="utf-8">
<title>shop</title>
<style>body { font: 16px system-ui; margin: 2em } b { color: #0a6e4f }</style>
<h1>Shop</h1>
<p>Two teas cost <b id="total">…</b></p>
<script src="cart.js"></script>
`,
    "site/cart.js": `console.warn("the cart is empty");
const prices = { tea: 3, cake: 4 };

function total(item, n) {
  if (!prices[item]) throw new Error("no such price: " + item);
  return n * prices[item];
}

document.getElementById("total").textContent = total("tea", 2) + " €";
total("gold", 1);
`,
    "site/serve.mjs": `import { readFileSync } from "node:fs";
import http from "node:http";
const types = { html: "text/html", js: "text/javascript" };
const server = http.createServer(({ url }, answer) => {
  const name = new URL(url, "http://site").pathname.slice(1) || "index.html";
  if (!["index.html", "cart.js"].includes(name)) return answer.writeHead(404).end();
  answer.writeHead(200, { "content-type": types[name.split(".").pop()] }).end(readFileSync(new URL(name, import.meta.url)));
});
server.listen(0, "127.0.0.1", () => console.log("site: http://127.0.0.1:" + server.address().port + "/"));
`,
  };
}

async function tests(workbench) {
  await server.call("process/start", { script: "make:test-failing" });
  await server.call("process/wait", { id: "test-failing" });
  await workbench.command("Testing: Focus on Test Explorer View");
  const items = (label) => workbench.page.locator(`.test-explorer .monaco-list-row[aria-label*="${label}"]`);
  await items("test-failing (Failed)").locator(".monaco-tl-twistie").click();
  await items("TestVAT (Failed)").dblclick();
  await workbench.page.locator('.tab[data-resource-name="failing_test.go"]').waitFor();
  await settled(workbench);
}

// settled waits until nothing moves for a moment: hovers are gone, fonts are there.
async function settled({ page }) {
  await page.mouse.move(700, 745);
  let before;
  await until("a picture that stays", async () => {
    const now = (await page.locator(".sidebar").screenshot()).toString("base64");
    const same = now === before;
    before = now;
    return same;
  });
}

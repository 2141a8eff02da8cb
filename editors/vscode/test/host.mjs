// Runs the tests of test/host inside a real extension host, with the extension as
// it was built and the real engine, on a copy of examples/shop:
//
//   node test/host.mjs BRUMMER-RPC [PART-OF-A-TEST'S-NAME]
//
// The tests write a line of JSON for each result to a file; that file alone decides.
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startServer } from "./harness/server.mjs";
import { launch, tools } from "./harness/tools.mjs";
import { until } from "./harness/until.mjs";

const [binary, only = ""] = process.argv.slice(2);
const extension = resolve(import.meta.dirname, "..");
const dir = mkdtempSync(join(tmpdir(), "brummer-vscode-"));
const results = join(dir, "results");
const limitMs = 240_000;

/** workspace copies the example, and puts the engine's program beside it. */
function workspace() {
  const shop = join(dir, "shop");
  cpSync(resolve(extension, "../../examples/shop"), shop, { recursive: true, filter: (from) => !/\/bin$/.test(from) });
  mkdirSync(join(dir, "bin"));
  copyFileSync(binary, join(dir, "bin/brummer-rpc"));
  return shop;
}

/** reported gives the results so far. */
function reported() {
  if (!existsSync(results)) return [];
  return readFileSync(results, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** command runs a command from the palette. */
async function command(page, title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  await page.keyboard.press("Enter");
}

/** asks are what a test has a person at the window do. */
const asks = {
  async trust(page) {
    await command(page, "Workspaces: Manage Workspace Trust");
    await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
  },
};

/** follow prints results as they come, until the last one or the limit. */
async function follow(page, exited) {
  let shown = 0;
  await until("the tests end", limitMs, async () => {
    const all = reported();
    for (const result of all.slice(shown)) {
      if (result.ask) await asks[result.ask](page);
      print(result);
    }
    shown = all.length;
    return all.at(-1)?.done || exited.code !== undefined;
  });
}

function print({ name, ms, error, note }) {
  if (note) console.log(`   ${note}`);
  else if (name) console.log(`${error ? "not ok" : "ok"} - ${name} (${ms} ms)${error ? `\n${error}` : ""}`);
}

/** verdict says whether the run counts as passed. */
function verdict() {
  const end = reported().at(-1);
  if (!end?.done) return "the tests did not come to their end";
  if (end.failed > 0) return `${end.failed} of ${end.total} failed`;
  return end.total > 0 ? "" : "no test ran";
}

async function main() {
  const server = await startServer({
    tools,
    dir,
    settings: { "brummer-rpc.serverPath": join(dir, "bin/brummer-rpc") },
    env: {
      BRUMMER_TEST_RESULTS: results,
      BRUMMER_TEST_ONLY: only,
      GOCACHE: process.env.GOCACHE ?? join(homedir(), ".cache/go-build"),
    },
  });
  const browser = await launch();
  const exited = {};
  try {
    const page = await browser.newPage();
    await page.exposeFunction("codeAutomationExit", (code) => {
      exited.code = code;
    });
    await page.exposeFunction("codeAutomationLog", () => {});
    const remote = (path) => `vscode-remote://${server.authority}${path}`;
    const payload = [
      ["extensionDevelopmentPath", remote(extension)],
      ["extensionTestsPath", remote(join(extension, "out/test/index.js"))],
      ["skipWelcome", "true"],
    ];
    await page.goto(`${server.url}/?folder=${workspace()}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    await follow(page, exited).finally(
      () => verdict() && page.screenshot({ path: join(extension, "out/test/failed.png") }),
    );
  } finally {
    await browser.close();
    await server.stop();
  }
}

try {
  await main();
} catch (error) {
  console.error(error);
}
const failure = verdict();
console.log(failure ? `FAILED: ${failure}` : `passed: ${reported().at(-1).total}`);
if (failure && existsSync(join(dir, "server.log")))
  console.log(readFileSync(join(dir, "server.log"), "utf8").slice(-3000));
rmSync(dir, { recursive: true, force: true });
process.exit(failure ? 1 : 0);

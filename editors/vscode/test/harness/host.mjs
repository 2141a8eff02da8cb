// One run of tests inside a real extension host. The tests write a line of JSON for
// each result to a file (see test/host/runner.ts); that file alone decides.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "./server.mjs";
import { launch, tools } from "./tools.mjs";
import { until } from "./until.mjs";

const limitMs = 240_000;

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

/** Results are those that a run has reported so far. */
class Results {
  constructor(file) {
    this.file = file;
  }

  get all() {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  get over() {
    return this.all.at(-1)?.done === true;
  }

  /** what is wrong with the run, or nothing */
  get failure() {
    const end = this.all.at(-1);
    if (!end?.done) return "the tests did not come to their end";
    return end.failed > 0 ? `${end.failed} of ${end.total} failed` : "";
  }
}

/** follow prints results as they come, until the last one, the page's end or the limit. */
async function follow(page, results, exited) {
  let shown = 0;
  await until("the tests end", limitMs, async () => {
    const { all } = results;
    for (const result of all.slice(shown)) {
      if (result.ask) await asks[result.ask](page);
      print(result);
    }
    shown = all.length;
    return results.over || exited.code !== undefined;
  });
}

function print({ name, ms, error, note }) {
  if (note) console.log(`   ${note}`);
  else if (name) console.log(`${error ? "not ok" : "ok"} - ${name} (${ms} ms)${error ? `\n${error}` : ""}`);
}

/**
 * runTests opens a window on what query says ("folder=/a" or "workspace=/b"), with
 * the extension below it under development, and runs the tests that a module there
 * exports. It gives their number, or throws.
 */
export async function runTests({ dir, extension, module, query, only, args, env, settings }) {
  const results = new Results(join(dir, "results"));
  env = { ...env, BRUMMER_TEST_RESULTS: results.file, BRUMMER_TEST_ONLY: only };
  const server = await startServer({ tools, dir, settings, args, env });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const exited = {};
    await page.exposeFunction("codeAutomationExit", (code) => {
      exited.code = code;
    });
    await page.exposeFunction("codeAutomationLog", () => {});
    const remote = (path) => `vscode-remote://${server.authority}${path}`;
    const payload = JSON.stringify([
      ["extensionDevelopmentPath", remote(extension)],
      ["extensionTestsPath", remote(join(extension, module))],
      ["skipWelcome", "true"],
    ]);
    await page.goto(`${server.url}/?${query}&payload=${encodeURIComponent(payload)}`);
    await follow(page, results, exited).finally(
      () => results.failure && page.screenshot({ path: join(extension, "out/test/failed.png") }),
    );
  } finally {
    await browser.close();
    await server.stop();
  }
  if (results.failure)
    throw new Error(`${results.failure}\n${readFileSync(join(dir, "server.log"), "utf8").slice(-3000)}`);
  return results.all.at(-1).total;
}

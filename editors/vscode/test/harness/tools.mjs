// Where the tools of the tests are: the folder of .ci/vscode, which
// BRUMMER_RPC_VSCODE names, and the system's Chromium.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const tools = process.env.BRUMMER_RPC_VSCODE ?? "";
if (!tools || !existsSync(join(tools, "node_modules"))) {
  throw new Error("BRUMMER_RPC_VSCODE must name the folder that .ci/vscode prints");
}

const { chromium } = createRequire(join(tools, "package.json"))("playwright-core");

/** launch starts a headless Chromium. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/**
 * home makes a folder a home for the server, and gives the variables for it. The
 * server asks a login shell for the user's environment, which must have the PATH of
 * now, and Go need not build everything anew there.
 */
export function home(dir) {
  const [GOCACHE, GOMODCACHE] = execFileSync("go", ["env", "GOCACHE", "GOMODCACHE"], { encoding: "utf8" }).split("\n");
  writeFileSync(join(dir, ".profile"), `export PATH='${process.env.PATH}'\n`);
  return { HOME: dir, GOCACHE, GOMODCACHE };
}

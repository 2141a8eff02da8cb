// Where the tools of the tests are: the folder of .ci/vscode, which
// BRUMMER_RPC_VSCODE names, and the system's Chromium.
import { existsSync } from "node:fs";
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

// Runs the tests of test/host inside a real extension host, with the extension as
// it was built and the real engine: those of a window on a copy of examples/shop,
// then those of a window on several folders.
//
//   node test/host.mjs BRUMMER-RPC [PART-OF-A-TEST'S-NAME]
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTests } from "./harness/host.mjs";

const [binary, only = ""] = process.argv.slice(2);
const extension = resolve(import.meta.dirname, "..");

/** shop copies the example. */
function shop(dir) {
  const copy = join(dir, "shop");
  cpSync(resolve(extension, "../../examples/shop"), copy, { recursive: true, filter: (from) => !/\/bin$/.test(from) });
  return `folder=${copy}`;
}

/** folders makes a workspace of two, each with something to run, and a third beside it. */
function folders(dir) {
  for (const [name, file, text] of [
    ["one", "package.json", '{"scripts": {"hello": "echo hello from one"}}'],
    ["two", "Makefile", ".PHONY: hello\nhello:\n\techo hello from two\n"],
    ["three", "Procfile", "hello: echo hello from three\n"],
  ]) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, file), text);
  }
  const workspace = join(dir, "both.code-workspace");
  writeFileSync(workspace, '{"folders": [{"path": "one"}, {"path": "two"}]}');
  return `workspace=${workspace}`;
}

/** run runs one set of tests in a folder of its own. */
async function run(module, make, args = []) {
  const dir = mkdtempSync(join(tmpdir(), "brummer-vscode-"));
  try {
    mkdirSync(join(dir, "bin"));
    const program = join(dir, "bin/brummer-rpc");
    copyFileSync(binary, program);
    return await runTests({
      ...{ dir, extension, module, query: make(dir), only, args },
      settings: { "brummer-rpc.serverPath": program },
      env: { GOCACHE: process.env.GOCACHE ?? join(homedir(), ".cache/go-build") },
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

try {
  const ran = await run("out/test/index.js", shop);
  const inFolders = await run("out/test/folders.js", folders, ["--disable-workspace-trust"]);
  if (ran === 0 || (inFolders === 0 && !only)) throw new Error("no test ran");
  console.log(`passed: ${ran + inFolders}`);
} catch (error) {
  console.error(`FAILED: ${error.stack ?? error}`);
  process.exitCode = 1;
}

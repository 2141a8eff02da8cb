// Runs the unit tests: of what needs neither VS Code nor a browser. Each *.test.ts
// here is bundled and given to node's own runner.
//
//	node test/unit/run.mjs [NAME…]      all, or those whose file name has a NAME in it
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
const out = join(root, "out/unit");
const wanted = process.argv.slice(2);
const tests = readdirSync(join(root, "test/unit"))
  .filter((f) => f.endsWith(".test.ts") && (wanted.length === 0 || wanted.some((w) => f.includes(w))))
  .map((f) => join(root, "test/unit", f));
if (tests.length === 0) throw new Error(`no test of test/unit has ${wanted.join(" or ")} in its name`);

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: tests,
  outdir: out,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  outExtension: { ".js": ".mjs" },
  logLevel: "warning",
});
const files = tests.map((t) => join(out, `${t.split(/[\\/]/).at(-1).replace(/\.ts$/, "")}.mjs`));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
process.exit(status ?? 1);

// Bundles the extension (out/main.js), each page of src/webview (out/webview) and,
// with --test, the tests that run inside the extension host (out/test). It does not
// look at types: `npm run check` does.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { build } from "esbuild";

const common = { bundle: true, target: "es2022", charset: "utf8", logLevel: "warning" };
const inHost = { ...common, platform: "node", format: "cjs", external: ["vscode"] };
const minify = !process.argv.includes("--test");

/** pages lists the entry points of the webviews: a script, and a style if it has one. */
function pages() {
  if (!existsSync("src/webview")) return [];
  return readdirSync("src/webview")
    .filter((name) => /\.page\.(ts|css)$/.test(name))
    .map((name) => `src/webview/${name}`);
}

const builds = [
  { ...inHost, entryPoints: ["src/main.ts"], outfile: "out/main.js", minify, sourcemap: minify ? false : "inline" },
];
if (pages().length > 0) {
  builds.push({ ...common, entryPoints: pages(), outdir: "out/webview", entryNames: "[name]", format: "iife", minify });
}
if (process.argv.includes("--test")) {
  builds.push({
    ...inHost,
    entryPoints: ["test/host/index.ts", "test/host/folders.ts"],
    outdir: "out/test",
    sourcemap: "inline",
  });
}
await Promise.all(builds.map((b) => build(b)));

mkdirSync("schema", { recursive: true });
copyFileSync("../../docs/brummer.schema.json", "schema/brummer.schema.json");

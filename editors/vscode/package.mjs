// Packs the extension with the program for other platforms, a .vsix each, beside
// this file:
//
//   node package.mjs            for this platform
//   node package.mjs --all      for each that there is
//   node package.mjs TARGET…    as vsce calls them: darwin-arm64
//
// The extension has to be built before (npm run build). VERSION is what the program
// will call itself, GO the Go command.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** The targets, and what Go calls them. A program without C is the same for every Linux. */
const targets = {
  "linux-x64": ["linux", "amd64"],
  "linux-arm64": ["linux", "arm64"],
  "alpine-x64": ["linux", "amd64"],
  "darwin-x64": ["darwin", "amd64"],
  "darwin-arm64": ["darwin", "arm64"],
  "win32-x64": ["windows", "amd64"],
  "win32-arm64": ["windows", "arm64"],
};
/** Where the repository has the pictures of the README, which are not in the .vsix. */
const pictures = "https://github.com/brummer-rpc/brummer-rpc/raw/HEAD/editors/vscode";
const { VERSION = "dev", GO = "go" } = process.env;
const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const repository = resolve(here, "../..");
const { name, version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

/** program puts the program for a target where the extension looks for it. */
function program([GOOS, GOARCH]) {
  rmSync(join(here, "server"), { recursive: true, force: true });
  mkdirSync(join(here, "server"));
  const out = join(here, "server", GOOS === "windows" ? "brummer-rpc.exe" : "brummer-rpc");
  const flags = ["-trimpath", "-buildvcs=false", "-ldflags", `-s -w -X main.version=${VERSION}`];
  const env = { ...process.env, CGO_ENABLED: "0", GOOS, GOARCH };
  execFileSync(GO, ["build", ...flags, "-o", out, "./cmd/brummer-rpc"], { cwd: repository, env, stdio: "inherit" });
  return out;
}

/** vsix packs it. */
function vsix(target) {
  const out = join(here, `${name}-${target}-${version}.vsix`);
  const vsce = join(here, "node_modules/@vscode/vsce/vsce");
  const arguments_ = [
    "package",
    "--no-dependencies",
    "--no-git-tag-version",
    "--target",
    target,
    "--out",
    out,
    "--baseImagesUrl",
    pictures,
  ];
  execFileSync(process.execPath, [vsce, ...arguments_], { cwd: here, stdio: ["ignore", "ignore", "inherit"] });
  return out;
}

const megabytes = (file) => `${(statSync(file).size / 1e6).toFixed(1)} MB`;

const asked = process.argv.slice(2);
const host = `${process.platform}-${process.arch}`;
const chosen = asked[0] === "--all" ? Object.keys(targets) : asked.length > 0 ? asked : [host];
for (const target of chosen) {
  const platform = targets[target];
  if (!platform) throw new Error(`there is no target ${target}: ${Object.keys(targets).join(", ")}`);
  const binary = program(platform);
  const file = vsix(target);
  console.log(`${file}  ${megabytes(file)}, the program in it ${megabytes(binary)}`);
}

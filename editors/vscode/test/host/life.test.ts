// How the connection begins, ends and gives up: the program, crashes, the policies
// for the processes. These tests come last: they end the engine.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { findBinary } from "../../src/engine/binary";
import { Crashes } from "../../src/engine/crashes";
import type { Session } from "../../src/engine/session";
import { engine } from "./brummer";
import { test, until } from "./runner";

const session = async () => (await engine()) as Session;

/** Whether a process of the system is there. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function onClose(policy: string): Promise<void> {
  await vscode.workspace
    .getConfiguration("brummer-rpc")
    .update("onClose", policy, vscode.ConfigurationTarget.Workspace);
}

test("a connection is tried again later each time, and at last not at all", () => {
  const crashes = new Crashes();
  assert.deepEqual(
    [0, 1000, 2000, 3000, 4000].map((t) => crashes.count(t)),
    [250, 500, 1000, 2000, undefined],
  );
  assert.equal(crashes.count(10 * 60 * 1000), 250);
});

test("the program is the setting's, the extension's or the PATH's, and speaks our protocol", async () => {
  const dir = mkdtempSync(join(tmpdir(), "brummer-binary-"));
  const program = (path: string, says: string) => {
    mkdirSync(join(dir, path), { recursive: true });
    writeFileSync(join(dir, path, "brummer-rpc"), `#!/bin/sh\necho '${says}'\n`);
    chmodSync(join(dir, path, "brummer-rpc"), 0o755);
  };
  const version = (v: string, protocol = 1) => JSON.stringify({ version: v, protocol });
  program("set", version("set"));
  program("extension/server", version("bundled"));
  program("path", version("path"));
  program("new", version("9.9", 2));
  program("other", "hello");
  const find = (setting: string, extension: string, path = "path") =>
    findBinary({ setting, extension: join(dir, extension), folder: dir, path: `relative:${join(dir, path)}` });
  try {
    assert.equal((await find("set/brummer-rpc", "extension")).version, "set");
    assert.equal((await find("", "extension")).version, "bundled");
    assert.equal((await find("", "none")).version, "path");
    await assert.rejects(find("nowhere", "extension"), /serverPath names/);
    await assert.rejects(find("", "none", "none"), /neither in this extension nor in the PATH/);
    await assert.rejects(find("", "none", "new"), /9\.9 speaks version 2 of the protocol/);
    await assert.rejects(find("", "none", "other"), /is not brummer-rpc/);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("after too many crashes it is given up, until somebody asks", async () => {
  const e = await session();
  await e.reconnect();
  while (e.state.kind !== "failed") {
    const { pid } = e;
    if (e.state.kind === "connected" && pid) process.kill(pid, "SIGKILL");
    await until("it is lost", () => e.pid !== pid);
    await until("it is back or given up", () => e.state.kind === "connected" || e.state.kind === "failed");
  }
  assert.match(e.state.reason, /too often/);
  assert.equal(e.processes.all.length, 0);
  await vscode.commands.executeCommand("brummer-rpc.restartEngine");
  assert.equal(e.state.kind, "connected");
});

test("a program that can't begin is not tried again", async () => {
  const e = await session();
  const settings = vscode.workspace.getConfiguration("brummer-rpc");
  await settings.update("serverPath", "/bin/false", vscode.ConfigurationTarget.Workspace);
  try {
    await assert.rejects(e.reconnect(), /does not tell its version/);
    assert.equal(e.state.kind, "failed");
  } finally {
    await settings.update("serverPath", undefined, vscode.ConfigurationTarget.Workspace);
  }
  await e.reconnect();
});

test("a connection that is made again finds the processes as they were", async () => {
  const e = await session();
  const { pid } = await e.request("process/start", { name: "lasting", command: "exec sleep 600" });
  await e.reconnect();
  assert.equal(e.processes.find("lasting")?.pid, pid);
});

test("processes that are to be stopped at once end with the connection", async () => {
  await onClose("stopAtOnce");
  const e = await session();
  await e.reconnect(); // the policy is told at the beginning
  const pid = e.processes.find("lasting")?.pid ?? 0;
  assert(alive(pid));
  await e.hangUp();
  await until("the process has gone", () => !alive(pid));
});

test("what brummer.toml starts by itself waits for the setting", async () => {
  const e = await session();
  const uri = vscode.Uri.joinPath(e.folder.uri, "brummer.toml");
  const early = '[processes.early]\ncommand = "exec sleep 600"\nautostart = true\n';
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(early));
  const anew = async (autostart: boolean | undefined) => {
    const settings = vscode.workspace.getConfiguration("brummer-rpc");
    await settings.update("autostart", autostart, vscode.ConfigurationTarget.Workspace);
    await e.request("session/stopEngine", {}).catch(() => {}); // it may be gone before it answers
    await e.reconnect();
    await until("it is known", () => e.scripts.find("brummer:early"));
  };
  await anew(undefined);
  assert.equal(e.processes.find("early"), undefined);
  await anew(true);
  await until("it runs", () => e.processes.find("early")?.state === "running");
  await anew(undefined);
});

test("processes that are to be kept are the charge of an engine that outlives its clients", async () => {
  await onClose("keep");
  const e = await session();
  await e.reconnect();
  const { pid } = await e.request("session/info", {});
  const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  assert(line.includes("serve") && !line.includes("--with-clients"), `${line}`);
  const kept = (await e.request("process/start", { name: "kept", command: "exec sleep 600" })).pid ?? 0;
  await e.reconnect();
  assert.equal(e.processes.find("kept")?.pid, kept);
  await e.request("session/stopEngine", {}).catch(() => {}); // it may be gone before it answers
  await until("the process has gone", () => !alive(kept));
});

// The connection to the engine: calls, errors, subscriptions, a crash.
import assert from "node:assert/strict";
import { kindOf } from "../../src/engine/errors";
import { engine } from "./brummer";
import { test, until } from "./runner";

test("a call is answered by the engine of the folder", async () => {
  const e = await engine();
  const info = await e.request("session/info", {});
  assert.equal(info.root, e.folder.uri.fsPath);
  assert.equal(e.state.kind, "connected");
});

test("what can be run is known once there is a connection", async () => {
  const e = await engine();
  assert.equal(e.scripts.find("procfile:web")?.source, "Procfile");
  assert.equal(e.scripts.find("make:crash")?.group, "make");
});

test("an error of the engine has its kind", async () => {
  const e = await engine();
  await assert.rejects(e.request("process/stop", { id: "nobody" }), (error) => kindOf(error) === "process.notFound");
});

test("the list of processes follows what happens", async () => {
  const e = await engine();
  await e.request("process/start", { name: "quick", command: "echo one; echo two" });
  await until("quick has ended", () => e.processes.find("quick")?.state === "exited");
});

test("a log is followed from its beginning", async () => {
  const e = await engine();
  const lines: string[] = [];
  const following = e.followLogs(
    { filter: { processes: ["quick"] }, since: { tail: 10 } },
    { batch: (b) => void ("lines" in b && lines.push(...b.lines.map((l) => l.text))) },
  );
  await until("both lines", () => lines.length >= 2);
  assert.deepEqual(lines, ["one", "two"]);
  following.dispose();
});

test("a killed connection comes back, and subscriptions with it", async () => {
  const e = await engine();
  let begun = 0;
  const following = e.followEvents({ types: ["process.*"] }, { batch: () => {}, begun: () => void begun++ });
  await until("the subscription", () => begun === 1);
  const { pid } = e as unknown as { pid: number };
  process.kill(pid, "SIGKILL");
  await until("waiting", () => e.state.kind === "waiting");
  await until("connected", () => e.state.kind === "connected");
  await until("the subscription again", () => begun === 2);
  following.dispose();
});

test("a process has the user's environment, and nothing of the editor's", async () => {
  assert(process.env.VSCODE_PID || Object.keys(process.env).some((name) => name.startsWith("VSCODE_")));
  const e = await engine();
  await e.request("process/start", { name: "environment", command: "env" });
  await e.request("process/wait", { id: "environment" });
  const { lines } = await e.request("logs/query", { filter: { processes: ["environment"] } });
  const names = lines.map(({ text }) => text.split("=")[0] ?? "");
  assert(names.includes("PATH"));
  assert.deepEqual(
    names.filter((name) => /^(VSCODE|ELECTRON)_/.test(name)),
    [],
  );
});

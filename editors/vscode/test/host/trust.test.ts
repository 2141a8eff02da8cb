// A workspace that is not trusted: one may look. These tests come first, and leave
// it trusted.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { brummer, engine } from "./brummer";
import { ask, foundation, test, until } from "./runner";

test("without trust one sees what can be run", async () => {
  const e = await engine();
  assert.equal(vscode.workspace.isTrusted, false);
  assert.match((await brummer()).processes.view.message ?? "", /not trusted/);
  const { scripts } = await e.request("project/scripts", {});
  assert(scripts.length > 5);
});

test("without trust nothing is started, stopped or written to", async () => {
  const e = await engine();
  await assert.rejects(e.request("process/start", { command: "touch started" }), /trusted this workspace/);
  await assert.rejects(e.request("process/stopAll", {}), /trusted this workspace/);
  await assert.rejects(e.request("process/input", { id: "web", data: "x" }), /trusted this workspace/);
});

foundation("with trust it is", async () => {
  ask("trust");
  await until("trust", () => vscode.workspace.isTrusted);
  assert.equal((await brummer()).processes.view.message, undefined);
  const e = await engine();
  await e.request("process/start", { name: "trusted", command: "true" });
});

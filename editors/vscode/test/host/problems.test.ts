// The Problems view: what a compiler and a crash say stands at its place.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { brummer, engine } from "./brummer";
import { test, until } from "./runner";

async function file(path: string): Promise<vscode.Uri> {
  return vscode.Uri.joinPath((await engine()).folder.uri, path);
}

test("errors of a compiler are problems of its file", async () => {
  const e = await engine();
  await e.request("process/start", { script: "make:build-broken" });
  const broken = await file("internal/price/broken.go");
  const problems = await until(
    "three problems",
    () => {
      const found = vscode.languages.getDiagnostics(broken);
      return found.length === 3 && found;
    },
    60_000,
  );
  assert.equal(problems[0]?.severity, vscode.DiagnosticSeverity.Error);
  assert(problems.every(({ source }) => source === problems[0]?.source && source));
});

test("a problem leads to the line of the log that tells of it", async () => {
  const broken = await file("internal/price/broken.go");
  const [problem] = vscode.languages.getDiagnostics(broken);
  assert(problem);
  await vscode.workspace.openTextDocument(broken);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    broken,
    problem.range,
  );
  const ours = actions.find(({ title }) => title === "Show in the log of build-broken");
  assert(ours?.command, `${actions.map(({ title }) => title)}`);
  const [ref] = ours.command.arguments as [{ process: string; seq: number }];
  const { lines } = await (await engine()).request("logs/query", { filter: { processes: [ref.process] } });
  const line = lines.find(({ seq }) => seq === ref.seq);
  assert.match(line?.text ?? "", new RegExp(`broken.go:${problem.range.start.line + 1}:`));
});

test("a process's problems are counted in its row and in the status bar", async () => {
  const e = await engine();
  await until("the count", () => e.processes.find("build-broken")?.problems.errors === 3);
  const { status } = await brummer();
  await until("the status bar", () => status.text.includes("$(bug)"));
  assert.match(status.accessibilityInformation?.label ?? "", /^Brummer: \d+ running, \d+ failed, \d+ errors/);
});

test("the frames of a crash are related places", async () => {
  const e = await engine();
  await e.request("process/start", { script: "make:crash" });
  const worker = await file("cmd/worker/main.go");
  const crash = await until(
    "the crash",
    () => vscode.languages.getDiagnostics(worker).find((d) => (d.relatedInformation?.length ?? 0) > 0),
    60_000,
  );
  const frame = crash.relatedInformation?.[0];
  assert(frame?.location.uri.fsPath.startsWith(e.folder.uri.fsPath));
});

test("cleared problems leave the Problems view", async () => {
  await vscode.commands.executeCommand("brummer-rpc.clearProblems");
  const broken = await file("internal/price/broken.go");
  await until("none", () => vscode.languages.getDiagnostics(broken).length === 0);
});

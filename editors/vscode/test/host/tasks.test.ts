// Tasks: what can be run is offered, ends with its code, and one in the background
// holds up what depends on it until it is ready.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import * as vscode from "vscode";
import { engine } from "./brummer";
import { test, until } from "./runner";

async function write(path: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(
    vscode.Uri.joinPath((await engine()).folder.uri, path),
    new TextEncoder().encode(text),
  );
}

async function task(name: string): Promise<vscode.Task> {
  return until(`the task ${name}`, async () => (await vscode.tasks.fetchTasks()).find((t) => t.name === name));
}

/** Runs a task to its end; gives its exit code. */
async function run(name: string): Promise<number | undefined> {
  const found = await task(name);
  const ended = new Promise<number | undefined>((resolve) => {
    const heard = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== name) return;
      heard.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(found);
  return ended;
}

test("what can be run is offered as a task", async () => {
  const tasks = await vscode.tasks.fetchTasks({ type: "brummer" });
  const web = tasks.find(({ name }) => name === "procfile:web");
  assert.equal(web?.isBackground, true);
  assert.deepEqual(web?.problemMatchers, ["$brummer"]);
  assert.equal(tasks.find(({ name }) => name === "make:build")?.group?.id, "build");
});

test("a task ends with the code of its process", async () => {
  assert.equal(await run("make:help"), 0);
});

test("a new brummer.toml is seen, and so is a task whose process fails", async () => {
  const e = await engine();
  await write(
    "brummer.toml",
    `[processes.slow]
command = "sleep 1; echo now ready; exec sleep 60"
ready = { log = "now ready" }

[processes.sour]
command = "exit 3"
`,
  );
  await until("it is known", () => e.scripts.find("brummer:slow"));
  assert.equal(await run("brummer:sour"), 3);
});

test("what depends on a task in the background waits until its process is ready", async () => {
  const e = await engine();
  await write(
    ".vscode/tasks.json",
    JSON.stringify({
      version: "2.0.0",
      tasks: [
        { label: "server", type: "brummer", script: "brummer:slow", isBackground: true, problemMatcher: "$brummer" },
        { label: "after", type: "shell", command: "touch after", dependsOn: "server" },
      ],
    }),
  );
  assert.equal(await run("after"), 0);
  const readyAt = e.processes.find("slow")?.readyAt;
  assert(readyAt, "slow was not ready");
  const { mtimeMs } = statSync(vscode.Uri.joinPath(e.folder.uri, "after").fsPath);
  assert(mtimeMs >= readyAt - 1, `after ran at ${mtimeMs}, slow was ready at ${readyAt}`);
});

test("ending a task stops the process that it has started", async () => {
  const e = await engine();
  const running = vscode.tasks.taskExecutions.find(({ task: { name } }) => name === "server");
  assert(running, "the server's task does not run");
  running.terminate();
  await until("it is stopped", () => e.processes.find("slow")?.state === "stopped");
});

test("a task joins a process that runs, and leaves it running", async () => {
  const e = await engine();
  await e.request("process/start", { script: "brummer:slow" });
  const started = new Promise<vscode.TaskExecution>((resolve) => {
    const heard = vscode.tasks.onDidStartTask(({ execution }) => {
      heard.dispose();
      resolve(execution);
    });
  });
  await vscode.tasks.executeTask(await task("server"));
  await until("it is ready", () => e.processes.find("slow")?.ready);
  (await started).terminate();
  await until("no task runs", () => vscode.tasks.taskExecutions.length === 0);
  assert.equal((await e.request("process/status", { id: "slow" })).state, "running");
  await e.request("process/stop", { id: "slow" });
});

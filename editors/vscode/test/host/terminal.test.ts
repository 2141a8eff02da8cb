// Terminals: what is typed reaches the process, what it prints is shown as it is.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { LineInput } from "../../src/terminal/input";
import { Output } from "../../src/terminal/output";
import { ProcessTerminal } from "../../src/terminal/process";
import { engine } from "./brummer";
import { test, until } from "./runner";

/** A terminal on a process, with all that it has shown. */
async function terminal(id: string, size?: vscode.TerminalDimensions) {
  const pty = new ProcessTerminal(await engine(), id);
  const seen = { text: "", pty };
  pty.onDidWrite((text) => {
    seen.text += text;
  });
  pty.open(size);
  return seen;
}

test("a line can be mended before a program on a pipe gets it", () => {
  const line = new LineInput();
  assert.equal(line.type("helo\x7flo\x1b[A").data, "");
  assert.deepEqual(line.type("\r"), { echo: "\r\n", data: "hello\n", eof: false, interrupt: false });
  assert.equal(line.type("gone\x15kept\r").data, "kept\n");
  assert.equal(line.type("\x04").eof, true);
  assert.deepEqual(line.type("half\x03"), { echo: "half^C\r\n", data: "", eof: false, interrupt: true });
});

test("a character that was cut by a batch is whole in the terminal", () => {
  const bytes = Buffer.from("für\n");
  const batch = (data: Buffer) => ({
    ...{ subscription: "1", batch: 1, next: "", run: 1, stream: "stdout" as const },
    data: data.toString("base64"),
  });
  const output = new Output();
  const text = output.text(batch(bytes.subarray(0, 2)), false) + output.text(batch(bytes.subarray(2)), false);
  assert.equal(text, "für\r\n");
});

test("what is typed into a terminal is the input of a program on a pipe", async () => {
  const e = await engine();
  await e.request("process/start", { name: "cat", command: "cat" });
  await until("it runs", () => e.processes.find("cat")?.state === "running");
  const seen = await terminal("cat");
  seen.pty.handleInput("hello\r");
  await until("the echo and the answer", () => seen.text.match(/hello\r\n.*hello\r\n/s));
  seen.pty.handleInput("\x04");
  await until("how it ended", () => seen.text.includes("[exited, exit code 0]"));
  seen.pty.close();
});

test("Ctrl-C in a terminal interrupts a program on a pipe", async () => {
  const e = await engine();
  await e.request("process/start", { name: "sleeper", command: "exec sleep 60" });
  await until("it runs", () => e.processes.find("sleeper")?.state === "running");
  const seen = await terminal("sleeper");
  seen.pty.handleInput("\x03");
  await until("how it ended", () => seen.text.includes("[failed, SIGINT]"));
  seen.pty.close();
});

test("a program on a pty has the size of the terminal, and draws its own echo", async () => {
  const e = await engine();
  await e.request("process/start", { name: "sized", command: "read x; stty size; echo got $x", stdio: "pty" });
  await until("it runs", () => e.processes.find("sized")?.state === "running");
  const seen = await terminal("sized", { columns: 91, rows: 17 });
  seen.pty.handleInput("keys\r");
  await until("size and input", () => /keys\r\n.*17 91\r\n.*got keys/s.test(seen.text));
  seen.pty.close();
});

test("a process has one terminal, which is shown again", async () => {
  const e = await engine();
  const ref = { folder: e.folder.uri.toString(), process: "cat" };
  await vscode.commands.executeCommand("brummer-rpc.showTerminal", ref);
  await vscode.commands.executeCommand("brummer-rpc.showTerminal", ref);
  const named = () => vscode.window.terminals.filter(({ name }) => name === "cat");
  await until("the terminal", () => named().length > 0);
  assert.equal(named().length, 1);
  named()[0]?.dispose();
  await until("it is closed", () => named().length === 0);
});

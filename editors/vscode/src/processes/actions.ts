// What can be done with a thing of the processes view: the engine's calls, and what
// the user has to say first.
import * as vscode from "vscode";
import type { Process, ProcessStartParams } from "../protocol";
import { nameFor } from "./model";
import type { Target } from "./target";

/** Starts a script, or again what was started otherwise and has ended. */
export function start({ engine, script, process }: Target, how: ProcessStartParams = {}): Promise<Process> {
  if (script)
    return engine.request("process/start", { script: script.id, name: nameOf({ engine, script, process }), ...how });
  return restart({ engine, process });
}

function nameOf({ engine, script, process }: Target): string | undefined {
  if (process) return process.id;
  return script && nameFor(script, engine.processes.all);
}

export async function stop({ engine, process }: Target): Promise<void> {
  if (process) await engine.request("process/stop", { id: process.id });
}

export function restart({ engine, process }: Target): Promise<Process> {
  if (!process) throw new Error("It was not started yet.");
  return engine.request("process/restart", { id: process.id });
}

export async function remove({ engine, process }: Target): Promise<void> {
  if (process) await engine.request("process/remove", { id: process.id });
}

/** Signals that somebody may want to send by hand. */
const signals = ["INT", "HUP", "USR1", "USR2", "QUIT", "TERM", "KILL"];

export async function signal({ engine, process }: Target): Promise<void> {
  if (!process) return;
  const name = await vscode.window.showQuickPick(signals, { title: `Send a signal to ${process.id}` });
  if (name) await engine.request("process/signal", { id: process.id, signal: name });
}

/** Opens what the process serves; the user chooses if that is several addresses. */
export async function open({ process }: Target): Promise<void> {
  const urls = process?.urls ?? [];
  const url = urls.length > 1 ? await vscode.window.showQuickPick(urls, { title: "Open" }) : urls[0];
  if (url) await openUrl(url);
}

/** By way of VS Code, which forwards the port of a remote machine. */
export async function openUrl(url: string): Promise<void> {
  await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url, true)));
}

/** Shows the line that defines the script. */
export async function definition({ engine, script }: Target): Promise<void> {
  if (!script) return;
  const line = Math.max(0, (script.line ?? 1) - 1);
  const selection = new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(vscode.Uri.joinPath(engine.folder.uri, script.source), { selection });
}

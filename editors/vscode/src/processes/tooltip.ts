// The tooltip of a row, made when the pointer rests on it: that is when cpu and
// memory are asked for.
import * as vscode from "vscode";
import type { Engine } from "../engine";
import type { Process } from "../protocol";
import { type Item, lives } from "./model";
import { detailsOf, nameOf, stateOf } from "./words";

export async function tooltip(engine: Engine, item: Item): Promise<vscode.MarkdownString> {
  const process = item.process && lives(item.process) ? await withUsage(engine, item.process) : item.process;
  const text = new vscode.MarkdownString();
  text.appendMarkdown("**").appendText(nameOf(item)).appendMarkdown("** ");
  text.appendText([stateOf(process), ...detailsOf(process)].join(", "));
  text.appendCodeblock(process?.command ?? item.script?.command ?? "", "shellscript");
  text.appendText(facts(process).join("\n"));
  return text;
}

/** The process with what it uses; without, if the engine has no answer. */
async function withUsage(engine: Engine, process: Process): Promise<Process> {
  return engine.request("process/status", { id: process.id, usage: true }).catch(() => process);
}

function facts(process: Process | undefined): string[] {
  if (!process) return [];
  const time = (t: number | undefined) => (t === undefined ? "" : new Date(t).toLocaleTimeString());
  return [
    process.cwd,
    process.pid === undefined || !lives(process) ? "" : `process ${process.pid}, run ${process.run}`,
    process.startedAt ? `started ${time(process.startedAt)}` : "",
    process.exitedAt ? `ended ${time(process.exitedAt)}` : "",
    process.stale ? "its definition has changed; the next start takes the new one" : "",
  ].filter((fact) => fact !== "");
}

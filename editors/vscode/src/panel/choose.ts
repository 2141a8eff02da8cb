// Asks the user for parts of a filter, in VS Code's own way of choosing.
import * as vscode from "vscode";
import type { Engine } from "../engine";
import type { Filter } from "../protocol";
import { parseTimes } from "./times";

/** Which processes; undefined if the user has left it. */
export async function chooseProcesses(engine: Engine, filter: Filter): Promise<Filter | undefined> {
  const ids = [...new Set([...engine.processes.all.map((p) => p.id), ...(filter.processes ?? [])])];
  const items = ids.map((label) => ({
    label,
    description: engine.processes.find(label)?.state ?? "",
    picked: filter.processes?.includes(label) ?? true,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: "Show the logs of", canPickMany: true });
  if (!chosen) return undefined;
  const all = chosen.length === 0 || chosen.length === ids.length;
  return { ...filter, processes: all ? undefined : chosen.map((c) => c.label) };
}

const minute = 60_000;
const spans: [string, number][] = [
  ["The last minute", minute],
  ["The last 5 minutes", 5 * minute],
  ["The last 15 minutes", 15 * minute],
  ["The last hour", 60 * minute],
];

/** From and until when; undefined if the user has left it. */
export async function chooseTime(filter: Filter, now: number): Promise<Filter | undefined> {
  const items: (vscode.QuickPickItem & { since?: number; ask?: true })[] = [
    { label: "Any time" },
    ...spans.map(([label, ms]) => ({ label, since: now - ms })),
    { label: "From – to…", ask: true },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: "Show the logs of" });
  if (!chosen) return undefined;
  const free = { ...filter, sinceMs: undefined, untilMs: undefined };
  if (!chosen.ask) return { ...free, sinceMs: chosen.since };
  const text = await vscode.window.showInputBox({
    title: "Show the logs from – to",
    prompt: "Times of today, 24 hours; either may be left out: 14:05 – 14:20:30",
    validateInput: (value) => (parseTimes(value, now) ? undefined : "Write it as 14:05 – 14:20:30, 14:05 – or – 14:20"),
  });
  const times = text === undefined ? undefined : parseTimes(text, now);
  return times && { ...free, ...times };
}

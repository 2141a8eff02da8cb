// What the processes view shows, in groups: the things that can be run by the file
// that names them, each with its process if it has one, and what was started
// otherwise. Pure functions of the engine's two lists.
import type { Process, Script } from "../protocol";

/** A line of the view: something that can be run, what runs, or both. At least one is there. */
export interface Item {
  script?: Script;
  process?: Process;
}

export interface Group {
  /** unique in its folder */
  id: string;
  /** the file, relative to the root */
  label: string;
  /** the tool that runs it, or the group that brummer.toml gives it */
  tool: string;
  items: Item[];
}

const byHand = "call";

export function groups(scripts: readonly Script[], processes: readonly Process[]): Group[] {
  const found = new Map<string, Group>();
  const group = (source: string, tool: string) => {
    const id = `${source} ${tool}`;
    const known = found.get(id);
    if (known) return known;
    const made = { id, label: source === byHand ? "Started by hand" : source, tool, items: [] };
    found.set(id, made);
    return made;
  };
  if (processes.some((p) => p.source === byHand)) group(byHand, "");
  const left = new Set(processes);
  for (const script of scripts) {
    const own = processes.filter((p) => isOf(p, script) && left.delete(p));
    const { items } = group(script.source, script.group);
    if (own.length === 0) items.push({ script });
    else items.push(...own.map((process) => ({ script, process })));
  }
  for (const process of left) group(process.source, "").items.push({ process });
  return [...found.values()];
}

/** Whether a process was started as that script: under its name, as a replica, or by its id; see nameFor. */
export function isOf(process: Process, script: Script): boolean {
  if (process.source !== script.source || process.cwd !== script.cwd) return false;
  const [id] = process.id.split("#");
  return id === script.name || id === script.id;
}

/**
 * The name to start a script by: its own, as every client has it (undefined), unless
 * a process of something else goes by that; then the script's id.
 */
export function nameFor(script: Script, processes: readonly Process[]): string | undefined {
  const taken = processes.some((p) => p.id === script.name && !isOf(p, script));
  return taken ? script.id : undefined;
}

/** Whether there is a process that has not ended. */
export function lives(process: Process | undefined): boolean {
  return process !== undefined && !["stopped", "exited", "failed"].includes(process.state);
}

/** How things stand, for a badge and the status bar. */
export interface Summary {
  running: number;
  failed: number;
  errors: number;
  warnings: number;
}

export function summary(processes: readonly Process[]): Summary {
  const sum = { running: 0, failed: 0, errors: 0, warnings: 0 };
  for (const { state, problems } of processes) {
    if (state === "running" || state === "starting") sum.running++;
    if (state === "failed" || state === "backoff") sum.failed++;
    sum.errors += problems.errors;
    sum.warnings += problems.warnings;
  }
  return sum;
}

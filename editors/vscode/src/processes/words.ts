// How a process stands, in words for people: what the rows, the tooltips, the quick
// picks and a screen reader say. Pure functions.
import type { Process } from "../protocol";
import type { Item } from "./model";

export function nameOf({ script, process }: Item): string {
  return process?.id ?? script?.name ?? "";
}

/** The state in one or two words. */
export function stateOf(process: Process | undefined): string {
  if (!process) return "not started";
  if (process.state === "running" && !process.ready) return "not ready";
  if (process.state === "running" && process.healthy === false) return "not healthy";
  if (process.state === "backoff") return "waits to restart";
  return process.state;
}

/** What there is to say besides the name: what holds it up, how it ended, what it found. */
export function detailsOf(process: Process | undefined): string[] {
  if (!process) return [];
  return [
    holdUp(process),
    end(process),
    count(process.restarts, "restart"),
    count(process.problems.errors, "error"),
    count(process.problems.warnings, "warning"),
    usage(process),
  ].filter((part) => part !== "");
}

/** Why it does not run yet, or is not what it should be. */
function holdUp({ state, blockedBy, restartAt, reason }: Process): string {
  const parts = [];
  if (blockedBy.length > 0) parts.push(`waits for ${blockedBy.join(", ")}`);
  if (state === "backoff" && restartAt) parts.push(`restarts at ${new Date(restartAt).toLocaleTimeString()}`);
  if (reason) parts.push(reason);
  return parts.join(": ");
}

function end({ state, exitCode, signal, core }: Process): string {
  if (state !== "failed" && state !== "backoff") return "";
  if (signal) return core ? `${signal}, core dumped` : signal;
  return exitCode === undefined ? "" : `exit code ${exitCode}`;
}

/** Cores and memory, if they were asked for. */
export function usage({ cpu, rss }: Process): string {
  if (cpu === undefined && rss === undefined) return "";
  return `${((cpu ?? 0) * 100).toFixed(0)} % CPU, ${((rss ?? 0) / 1024 / 1024).toFixed(0)} MB`;
}

/** "2 errors", "1 error", or nothing. */
export function count(n: number, one: string, many = `${one}s`): string {
  return n === 0 ? "" : `${n} ${n === 1 ? one : many}`;
}

// What is worth a message, and its words. It knows no editor.
import type { ConflictData, Process } from "../protocol";

/**
 * Whether a process that runs is meant to go on: it serves an address, or a rule of
 * readiness had to hold. Builds and tests end, and what they find is shown elsewhere.
 */
export function lasts({ urls, ready, readyAt }: Process): boolean {
  return urls.length > 0 || (ready && readyAt !== undefined);
}

/** What has ended processes that should have gone on. */
export function crashText(processes: readonly Process[]): string {
  const [first] = processes;
  if (!first) return "";
  if (processes.length === 1)
    return `${first.id} has ${endOf(first)}.${first.reason ? ` ${sentence(first.reason)}` : ""}`;
  return `${enumerate(processes.map(({ id }) => id))} have ended unexpectedly.`;
}

function endOf({ exitCode, signal }: Process): string {
  if (signal) return `been ended by ${signal}`;
  return exitCode === undefined ? "failed" : `ended with exit code ${exitCode}`;
}

/** Who has the port that a process has not got. */
export function conflictText(process: string, { port, pid, command, holder }: ConflictData): string {
  const stranger = command === undefined ? "another program" : pid === undefined ? command : `${command} (pid ${pid})`;
  return `${process} has not got port ${port}: ${holder ?? stranger} has it.`;
}

/** a, b and c; after the third only how many. */
export function enumerate(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

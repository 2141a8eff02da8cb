// Which processes are runs of what can be run.
import type { Process, Script } from "./protocol";

/** Whether a process runs a script: its name may be another one's, so what it came from decides. */
export function isRunOf(process: Process, script: Script): boolean {
  return process.source === script.source && process.cwd === script.cwd && process.command === script.command;
}

// The exact bytes of a process as a terminal shows them: characters that batches cut
// are put together again, and what comes from a pipe gets the carriage returns that
// a terminal's driver would add.
import { StringDecoder } from "node:string_decoder";
import type { Gap, LinesRaw } from "../protocol";

export class Output {
  private decoders = new Map<string, StringDecoder>();
  private run = 0;

  /** Text for the terminal; pty says whether the program has one. */
  text(batch: LinesRaw, pty: boolean): string {
    const before = this.begin(batch.run) + lost(batch.gap);
    const text = this.decoder(batch.stream).write(Buffer.from(batch.data, "base64"));
    return before + (pty ? text : text.replace(/\r?\n/g, "\r\n"));
  }

  /** A run's first output is told apart from the one before. */
  private begin(run: number): string {
    const first = this.run === 0;
    if (run === this.run) return "";
    this.run = run;
    this.decoders.clear();
    return first ? "" : dim(`run ${run}`);
  }

  private decoder(stream: string): StringDecoder {
    const known = this.decoders.get(stream);
    if (known) return known;
    const made = new StringDecoder("utf8");
    this.decoders.set(stream, made);
    return made;
  }
}

/** A line of ours among the program's. */
export function dim(text: string): string {
  return `\r\n\x1b[2m[${text}]\x1b[0m\r\n`;
}

function lost(gap: Gap | undefined): string {
  return gap && gap.count > 0 ? dim(`${gap.count} lines are no longer held`) : "";
}

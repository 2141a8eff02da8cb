// Where the hits of a search are in the lines in sight. The engine says so, as its
// regular expressions are not the browser's.

import type { Query } from "../../panel/messages";
import type { Filter } from "../../protocol";
import type { Host } from "./feed";

/** How often it is asked while lines come or are scrolled, in ms. */
const pause = 100;

export class Marks {
  readonly ranges = new Map<number, [number, number][]>();
  private asked = "";
  private askedAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: Host,
    private readonly changed: () => void,
  ) {}

  clear(): void {
    this.ranges.clear();
    this.asked = "";
  }

  /** need is told what is looked for, and the numbers of the first and last line in sight. */
  need(query: Query | undefined, filter: Filter, first: number, last: number, now: number): void {
    if (!query) {
      if (this.ranges.size > 0) {
        this.clear();
        this.changed();
      }
      return;
    }
    if (first === 0 || last === 0) return;
    const what = JSON.stringify([query, filter, first, last]);
    if (what === this.asked) return;
    clearTimeout(this.timer);
    const wait = this.askedAt + pause - now;
    if (wait > 0) {
      this.timer = setTimeout(() => this.need(query, filter, first, last, now + wait), wait);
      return;
    }
    this.asked = what;
    this.askedAt = now;
    void this.ask(query, filter, first, last, what);
  }

  private async ask(query: Query, filter: Filter, first: number, last: number, what: string): Promise<void> {
    const marks = await this.host.ask("marks", { query, filter, first, last }).catch(() => []);
    if (what !== this.asked) return;
    const before = JSON.stringify([...this.ranges]);
    this.ranges.clear();
    for (const [seq, ranges] of marks) this.ranges.set(seq, ranges);
    if (JSON.stringify([...this.ranges]) !== before) this.changed();
  }
}

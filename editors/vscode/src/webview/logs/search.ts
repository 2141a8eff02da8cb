// A search: what is looked for, where it is, and how many lines have it. It walks
// from hit to hit by asking for the next one, so it holds none of the others.

import type { Query } from "../../panel/messages";
import type { Filter, Line } from "../../protocol";
import type { Host } from "./feed";

export class Search {
  query: Query | undefined;
  /** the line it is at */
  current: Line | undefined;
  /** lines with a hit */
  total = 0;
  /** the current line's number among them, from the oldest; absent if it was not counted from an end */
  rank: number | undefined;
  /** why the engine can't look for it: a regular expression may be wrong */
  error = "";
  private generation = 0;
  private steps: Promise<unknown> = Promise.resolve(); // one after the other: each begins where the one before went

  constructor(private readonly host: Host) {}

  /** begin looks for the nearest hit at or before a line, else the newest; false if something else was begun meanwhile. */
  async begin(query: Query | undefined, filter: Filter, from?: number): Promise<boolean> {
    const generation = ++this.generation;
    this.query = query;
    if (!query) {
      this.found(undefined, 0, undefined);
      return true;
    }
    return this.attempt(generation, async () => {
      const at = from === undefined ? {} : { from: from + 1 };
      let { hit, total } = await this.host.ask("find", { query, filter, ...at, backwards: true, count: true });
      let rank = from === undefined ? total : undefined;
      if (!hit && total > 0) {
        ({ hit, total } = await this.host.ask("find", { query, filter, backwards: true, count: true }));
        rank = total;
      }
      return () => this.found(hit, total, hit && rank);
    });
  }

  /** step goes to the next hit or the one before, and round at the ends. */
  step(filter: Filter, backwards: boolean): Promise<boolean> {
    const step = this.steps.then(() => this.walk(filter, backwards));
    this.steps = step;
    return step;
  }

  private async walk(filter: Filter, backwards: boolean): Promise<boolean> {
    const { query, current } = this;
    if (!query || !current) return false;
    const way = backwards ? -1 : 1;
    return this.attempt(++this.generation, async () => {
      let { hit, total } = await this.host.ask("find", { query, filter, from: current.seq, backwards, count: true });
      let rank = this.rank && this.rank + way;
      if (!hit) {
        const round = backwards ? {} : { from: 0 };
        ({ hit, total } = await this.host.ask("find", { query, filter, ...round, backwards, count: true }));
        rank = backwards ? total : 1;
      }
      return () => this.found(hit, total, rank);
    });
  }

  private async attempt(generation: number, question: () => Promise<() => void>): Promise<boolean> {
    let done: () => void;
    try {
      done = await question();
    } catch (error) {
      done = () => {
        this.found(undefined, 0, undefined);
        this.error = (error as Error).message;
      };
    }
    if (generation !== this.generation) return false;
    done();
    return true;
  }

  private found(hit: Line | undefined, total: number, rank: number | undefined): void {
    this.current = hit;
    this.total = total;
    this.rank = hit && total === 1 ? 1 : rank;
    this.error = "";
  }

  /** says tells how it stands, for people. */
  get says(): string {
    if (!this.query) return "";
    if (this.error) return this.error;
    if (this.total === 0) return "no matches";
    const total = this.total.toLocaleString("en");
    if (this.rank && this.rank >= 1 && this.rank <= this.total) return `${this.rank.toLocaleString("en")} of ${total}`;
    return `${total} ${this.total === 1 ? "match" : "matches"}`;
  }
}

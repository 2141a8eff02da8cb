// Where the list's rows come from: pages that are asked for as the list nears the
// end of what is loaded, and batches while it follows. It knows no element.
//
//   toEnd ──▶ page at the end ──▶ follow ──▶ take ──▶ flush, once a frame ──▶ drawn
//   need  ──▶ page before, behind, or somewhere else

import type { Extent, Kind, Page, Questions, ToHost, View } from "../../panel/messages";
import type { LinesColumns } from "../../protocol";
import { fromColumns, fromPage, isGap, type Row } from "./row";
import { Stretch } from "./stretch";

/** Lines in a page; the engine gives no more than 500 at once. */
const pageSize = 400;
/** A page is asked for when so few rows are left beyond what is in sight. */
const margin = 150;
/** How often it is asked how much there is while new lines don't come by themselves, in ms. */
export const lookEvery = 1000;

/** How the feed reaches the host. */
export interface Host {
  ask<K extends Kind>(kind: K, params: Questions[K]["params"]): Promise<Questions[K]["result"]>;
  post(message: ToHost): void;
}

/** What the feed tells the list. */
export interface Reader {
  /** rows have come or gone; those there before have moved by so many */
  changed(moved: number): void;
  /** a question could not be answered */
  failed(message: string): void;
}

export class Feed {
  readonly stretch = new Stretch();
  view: View = { filter: {} };
  following = false;
  /** lines that have come since the list was let go */
  behind = 0;
  private generation = 0; // of what is loaded: an answer for another one is too late
  private busy = false;
  private queue: LinesColumns[] = [];
  private skipped = false;
  /** something was loaded, be it nothing */
  loaded = false;
  private known: number | undefined; // how many lines there were when the list was let go
  private lookedAt = 0;

  constructor(
    private readonly host: Host,
    private readonly reader: Reader,
  ) {}

  /** toEnd shows the newest lines of a view and follows. */
  async toEnd(view: View): Promise<void> {
    const generation = this.begin(view);
    await this.load(generation, async () => {
      const [extent, page] = await Promise.all([
        this.host.ask("extent", { view }),
        this.host.ask("page", { view, from: { tail: true }, limit: pageSize }),
      ]);
      return () => {
        const rows = fromPage(page);
        this.stretch.rows = rows;
        this.heardOf(extent, true);
        this.stretch.replace(rows, 0, !page.more, true);
        this.follow();
      };
    });
    this.reader.changed(0);
  }

  /** resume follows from the end of what is loaded, if that is the end of the view; false if it is not. */
  resume(): boolean {
    if (!this.stretch.atEnd) return false;
    this.stay();
    this.follow();
    return true;
  }

  private follow(): void {
    this.following = true;
    this.behind = 0;
    this.host.post({
      type: "follow",
      following: this.generation,
      view: this.view,
      after: this.stretch.rows.at(-1)?.at ?? 0,
    });
  }

  /** toLine loads the lines around one of a view. */
  async toLine(view: View, seq: number): Promise<void> {
    const generation = this.begin(view);
    await this.load(generation, async () => {
      const extent = await this.host.ask("extent", { view });
      const around = await this.around(view, seq);
      return () => {
        this.heardOf(extent, false);
        this.put(around, this.stretch.indexOf(seq), seq);
        this.known = extent.total;
        this.lookedAt = 0;
      };
    });
  }

  /** stay keeps what is loaded: what was asked for elsewhere is no longer wanted. */
  stay(): void {
    this.generation++;
    this.busy = false;
  }

  /** letGo stops following; what is loaded stays. */
  letGo(): void {
    if (!this.following) return;
    this.following = false;
    this.queue = [];
    this.known = undefined; // what look hears first
    this.lookedAt = 0;
    this.host.post({ type: "unfollow" });
  }

  /** need is told which rows are in sight, and loads what will be. */
  need(first: number, last: number): void {
    const s = this.stretch;
    if (this.busy || s.total === 0) return;
    const generation = this.generation;
    if (first >= s.end || last < s.base || s.rows.length === 0) {
      void this.load(generation, () => this.elsewhere(first));
    } else if (!s.atStart && first - s.base < margin) {
      void this.load(generation, () => this.before());
    } else if (!s.atEnd && !this.following && s.end - last < margin) {
      void this.load(generation, () => this.after());
    }
  }

  private async elsewhere(index: number): Promise<() => void> {
    const around = await this.around(this.view, this.stretch.seqAt(index));
    return () => this.reader.changed(this.put(around, index));
  }

  private async before(): Promise<() => void> {
    const page = await this.page({ before: this.stretch.rows[0]!.at });
    return () => this.reader.changed(this.stretch.prepend(fromPage(page), !page.more));
  }

  private async after(): Promise<() => void> {
    const page = await this.page({ after: this.stretch.rows.at(-1)!.at });
    return () => {
      this.stretch.append(fromPage(page), !page.more);
      this.reader.changed(0);
    };
  }

  private page(from: { before: number } | { after: number }): Promise<Page> {
    return this.host.ask("page", { view: this.view, from, limit: pageSize });
  }

  private async around(view: View, seq: number): Promise<{ before: Page; after: Page }> {
    const ask = (from: { before: number } | { after: number }) =>
      this.host.ask("page", { view, from, limit: pageSize / 2 });
    const [before, after] = await Promise.all([
      ask({ before: Math.max(seq, 1) }),
      ask({ after: Math.max(seq - 1, 0) }),
    ]);
    return { before, after };
  }

  /** put replaces what is loaded, so that the second page begins at about an index; it gives by how much it does not. */
  private put(around: { before: Page; after: Page }, index: number, keep?: number): number {
    const before = fromPage(around.before);
    const last = before.at(-1)?.at ?? 0;
    const after = fromPage(around.after, keep).filter((r) => r.at > last);
    this.stretch.replace([...before, ...after], index - before.length, !around.before.more, !around.after.more);
    return this.stretch.base + before.length - index;
  }

  /** take queues batches until flush. */
  take(following: number, batches: LinesColumns[], skipped: boolean): void {
    if (!this.following || following !== this.generation) return;
    if (skipped) {
      this.queue = [];
      this.skipped = true;
    }
    this.queue.push(...batches);
  }

  /** flush adds what has come, and gives how many batches that were: their credit is due once they are drawn. */
  flush(): number {
    const batches = this.queue;
    if (batches.length === 0) return 0;
    this.queue = [];
    const rows = batches.flatMap(fromColumns);
    if (this.skipped) {
      this.stretch.total += rows.length; // at least: look has the number
      this.stretch.replace(rows, 0, false, true);
      this.stretch.exact = false;
    } else {
      this.stretch.append(rows, true);
    }
    this.skipped = false;
    return batches.length;
  }

  drawn(batches: number): void {
    if (batches > 0 && this.following) this.host.post({ type: "drawn", following: this.generation, batches });
  }

  /** look asks how much there is, if that is due. While it follows, the rows say so themselves once they were counted. */
  async look(now: number): Promise<void> {
    if (this.busy || now - this.lookedAt < lookEvery || (this.following && this.stretch.exact)) return;
    this.lookedAt = now;
    const generation = this.generation;
    const extent = await this.host.ask("extent", { view: this.view }).catch(() => undefined);
    if (!extent || generation !== this.generation) return;
    this.known ??= extent.total;
    if (!this.following) this.behind = Math.max(extent.total - this.known, 0);
    this.reader.changed(this.heardOf(extent, this.following));
  }

  /** Of a view of matches only the hits are counted: the rows between them are as many as in what is loaded. */
  private heardOf(extent: Extent, following: boolean): number {
    let { total } = extent;
    if (this.view.matches) total = Math.round(total * rowsPerHit(this.stretch.rows));
    return this.stretch.heard({ ...extent, total }, following);
  }

  private begin(view: View): number {
    this.letGo();
    this.view = view;
    this.busy = false;
    this.queue = [];
    this.behind = 0;
    return ++this.generation;
  }

  /** load runs one question at a time; what it gives is done unless something else was begun meanwhile. */
  private async load(generation: number, question: () => Promise<() => void>): Promise<void> {
    this.busy = true;
    let done: (() => void) | undefined;
    try {
      done = await question();
    } catch (error) {
      if (generation === this.generation) this.reader.failed((error as Error).message);
    }
    if (generation !== this.generation) return;
    this.busy = false;
    if (done) this.loaded = true;
    done?.();
  }
}

function rowsPerHit(rows: Row[]): number {
  const hits = rows.reduce((n, r) => n + (isGap(r) || r.context ? 0 : 1), 0);
  return hits === 0 ? 1 : rows.length / hits;
}

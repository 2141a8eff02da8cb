// Follows a view for a page. A batch's credit goes back to the engine once the
// page has drawn the batch, so a page that is slow slows only itself. A page that
// has fallen behind is not dragged through what it missed: it goes on at the end,
// and pages through the rest if its reader scrolls there.
import type { Disposable } from "vscode";
import type { Engine, Lines } from "../engine";
import type { LinesColumns, LogsSubscribeParams } from "../protocol";

/** Batches under way to the page; with 256 lines each, some frames' worth of a flood. */
const window = 6;
/** The page gets a message no more often than this, in ms: nobody reads faster. */
const gatherMs = 50;
/** A page is behind if all credit is used and the newest line that it gets is so old, in ms. */
const behindMs = 400;
/** Lines that a page that was behind goes on with. */
const resumeLines = 250;

export type Send = (batches: LinesColumns[], skipped: boolean) => void;

export class Following implements Disposable {
  private subscription: Disposable;
  private queue: LinesColumns[] = [];
  private undrawn: (() => void)[] = []; // one for each batch that was not drawn yet, the oldest first
  private timer: ReturnType<typeof setTimeout> | undefined;
  private skipped = false;
  private sentAt = 0;

  constructor(
    private readonly engine: Pick<Engine, "followLogs">,
    private readonly params: Pick<LogsSubscribeParams, "filter">,
    since: string,
    private readonly send: Send,
    private readonly now: () => number = Date.now,
  ) {
    this.subscription = this.subscribe(since);
  }

  private subscribe(since: LogsSubscribeParams["since"]): Disposable {
    const params: LogsSubscribeParams = { ...this.params, since, format: "columns", ansi: true, window };
    return this.engine.followLogs(params, { batch: (batch) => this.take(batch) });
  }

  private take(batch: Lines): Promise<void> {
    if (!("text" in batch)) return Promise.resolve(); // another format than was asked for
    if (this.undrawn.length + 1 >= window && this.now() - newest(batch) > behindMs) {
      this.skip();
      return Promise.resolve();
    }
    this.queue.push(batch);
    this.timer ??= setTimeout(() => this.flush(), Math.max(this.sentAt + gatherMs - this.now(), 0));
    return new Promise((resolve) => this.undrawn.push(resolve));
  }

  private flush(): void {
    this.timer = undefined;
    if (this.queue.length === 0) return;
    this.sentAt = this.now();
    this.send(this.queue, this.skipped);
    this.queue = [];
    this.skipped = false;
  }

  /** skip leaves out everything until now but the last lines. */
  private skip(): void {
    this.subscription.dispose();
    this.release(this.undrawn.length);
    this.queue = [];
    this.skipped = true;
    this.subscription = this.subscribe({ tail: resumeLines });
  }

  /** drawn is told that the page has drawn so many batches. */
  drawn(batches: number): void {
    this.release(batches);
  }

  private release(batches: number): void {
    for (const resolve of this.undrawn.splice(0, batches)) resolve();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.release(this.undrawn.length);
  }
}

/** newest is when the last line of a batch was written, in ms since the epoch. */
function newest(batch: LinesColumns): number {
  return batch.dt.reduce((t, d) => t + d, batch.t0);
}

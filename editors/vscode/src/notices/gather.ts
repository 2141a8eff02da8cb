// Gathers what comes in a moment, and lets pass one lot in a while: however much
// fails at once, people get one message.

/** What belongs to one failure comes within this. */
const momentMs = 400;
/** Between two messages. */
const pauseMs = 10_000;

export class Gather<T> {
  private readonly lot: T[] = [];
  private timer: NodeJS.Timeout | undefined;
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly pass: (lot: readonly T[]) => void) {}

  add(thing: T): void {
    this.lot.push(thing);
    const earliest = this.last + pauseMs - Date.now();
    this.timer ??= setTimeout(() => this.flush(), Math.max(momentMs, earliest));
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private flush(): void {
    this.timer = undefined;
    this.last = Date.now();
    this.pass(this.lot.splice(0));
  }
}

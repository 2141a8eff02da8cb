// When a lost connection is made again, and when that has happened too often. It
// knows no clock and no process.

/** After so many losses in so long (as VS Code's own language clients do it). */
const most = 5;
const windowMs = 3 * 60 * 1000;
const firstDelayMs = 250;

export class Crashes {
  private times: number[] = [];

  /** Counts a loss; gives the ms until the next try, or undefined if there should be none. */
  count(now: number): number | undefined {
    this.times = this.times.filter((t) => now - t < windowMs);
    this.times.push(now);
    return this.times.length >= most ? undefined : firstDelayMs * 2 ** (this.times.length - 1);
  }

  forget(): void {
    this.times = [];
  }
}

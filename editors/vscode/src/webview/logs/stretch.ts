// The rows that are loaded: a stretch of the log without holes, and where in the
// whole it lies. The engine pages by cursor and not by index, so a stretch that
// was not reached from an end of the log only has an estimate of its place; the
// estimate is mended when the stretch reaches an end.
import type { Extent } from "../../panel/messages";
import { add, type Row } from "./row";

/** So many rows are kept; those farthest from where it grows are let go. */
export const most = 10_000;
/** Letting go moves all rows, so it is done for many at once. */
const slack = 2_000;
/** How much there is beyond an end that was estimated away. */
const guess = 500;

export class Stretch {
  rows: Row[] = [];
  /** index of the first row in the whole view */
  base = 0;
  /** rows of the whole view, as far as it is known */
  total = 0;
  /** nothing comes before the first row */
  atStart = false;
  /** nothing came behind the last row when it was last looked at */
  atEnd = false;
  /** total is a count, not an estimate */
  exact = false;
  /** numbers of the first and last line of the view, as last heard */
  first = 0;
  last = 0;

  get end(): number {
    return this.base + this.rows.length;
  }

  row(index: number): Row | undefined {
    return this.rows[index - this.base];
  }

  /** replaces everything by rows that begin at an index. */
  replace(rows: Row[], base: number, atStart: boolean, atEnd: boolean): void {
    this.rows = rows;
    this.atStart = atStart;
    this.atEnd = atEnd;
    this.base = atStart ? 0 : atEnd ? Math.max(this.total - rows.length, 1) : Math.max(base, 1);
    this.fit();
  }

  /** append adds what follows; rows that are there already are left out. */
  append(rows: Row[], atEnd: boolean): void {
    const last = this.rows.at(-1)?.at ?? 0;
    for (const row of rows) if (row.at > last) add(this.rows, row);
    this.atEnd = atEnd;
    if (this.rows.length > most + slack) {
      const gone = this.rows.length - most;
      this.rows.splice(0, gone);
      this.base += gone;
      this.atStart = false;
    }
    this.fit();
  }

  /** prepend adds what precedes, and gives by how much the indices of the rows before have changed. */
  prepend(rows: Row[], atStart: boolean): number {
    const first = this.rows[0]?.at ?? Infinity;
    const fresh = rows.filter((r) => r.at < first);
    this.rows = fresh.concat(this.rows);
    const base = this.base - fresh.length;
    this.atStart = atStart;
    this.base = atStart ? 0 : base > 0 ? base : guess;
    const moved = this.base - base;
    this.total += moved;
    if (this.rows.length > most + slack) {
      this.rows.length = most;
      this.atEnd = false;
    }
    this.fit();
    return moved;
  }

  /**
   * heard takes how much there is, and gives by how much the rows' indices have
   * changed. It may have been counted before the last rows came, or with lines that
   * are still on their way, which is when it is not exact.
   */
  heard(extent: Extent, following: boolean): number {
    const { base } = this;
    const ahead = extent.last - (this.rows.at(-1)?.at ?? 0);
    this.exact = ahead <= 0;
    this.first = extent.first;
    this.last = extent.last - Math.min(ahead, 0);
    if (!following && ahead > 0) this.atEnd = false;
    const later = ahead > 0 ? 0 : this.end - this.find(extent.last + 1);
    const underWay = following ? Math.max(ahead, 0) : 0;
    this.total = Math.max(extent.total + later - underWay, 0);
    if (this.atEnd && !this.atStart) this.base = Math.max(this.total - this.rows.length, 1);
    this.fit();
    return this.base - base;
  }

  /** fit keeps index and total possible: what is loaded is there, and beyond an open end is something. */
  private fit(): void {
    if (this.atStart) this.base = 0;
    if (this.atEnd) this.total = this.end;
    else if (this.total <= this.end) this.total = this.end + (this.rows.length > 0 ? guess : 0);
  }

  /** find gives the index of the first row whose number is not below. */
  find(at: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle]!.at < at) low = middle + 1;
      else high = middle;
    }
    return this.base + low;
  }

  /** has reports whether a line's number lies within what is loaded. */
  has(at: number): boolean {
    return this.rows.length > 0 && at >= this.rows[0]!.at && at <= this.rows.at(-1)!.at;
  }

  /** seqAt estimates the number of the line at an index that is not loaded. */
  seqAt(index: number): number {
    if (this.total <= 1) return this.first;
    return Math.round(this.first + ((this.last - this.first) * index) / (this.total - 1));
  }

  /** indexOf estimates the index of a line that is not loaded. */
  indexOf(seq: number): number {
    if (this.last <= this.first) return 0;
    const share = Math.min(Math.max((seq - this.first) / (this.last - this.first), 0), 1);
    return Math.round(share * Math.max(this.total - 1, 0));
  }
}

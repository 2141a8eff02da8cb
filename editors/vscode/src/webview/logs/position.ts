// Which rows are in sight, and what the scroll bar says of it. Chromium makes no
// element higher than about 33.5 million pixels, so a long log is scaled: the
// scroll bar then only points at a place, and short ways (a wheel, a key) are gone
// line by line.
import { even, type Scale } from "./heights";

/** The list is made no higher than this many pixels. */
export const highest = 16_000_000;

export class Position {
  /** the first row in sight, with its hidden part */
  top = 0;
  /** where the scroll bar was last seen or put, in pixels */
  px = 0;
  /** of a line of the screen */
  rowHeight = 20;
  /** of what is in sight, in pixels */
  viewHeight = 0;
  total = 0;
  /** how many lines of the screen the rows take */
  scale: Scale = even;

  private get wholeHeight(): number {
    return this.scale.lineOf(this.total) * this.rowHeight;
  }

  /** of the list, in pixels */
  get height(): number {
    return Math.min(this.wholeHeight, highest);
  }

  get scaled(): boolean {
    return this.wholeHeight > highest;
  }

  /** lines of the screen in sight */
  private get view(): number {
    return this.viewHeight / this.rowHeight;
  }

  /** behind the last row in sight, with its hidden part */
  get bottom(): number {
    return this.scale.rowAt(this.scale.lineOf(this.top) + this.view);
  }

  /** rows that fit in sight, the cut one not counted */
  get page(): number {
    return Math.max(Math.floor(this.bottom - this.top), 1);
  }

  get lastTop(): number {
    return this.scale.rowAt(Math.max(this.scale.lineOf(this.total) - this.view, 0));
  }

  private get lastPx(): number {
    return Math.max(this.height - this.viewHeight, 0);
  }

  get atBottom(): boolean {
    return this.scale.lineOf(this.top) >= this.scale.lineOf(this.lastTop) - 1;
  }

  /** hidden is how much of the first row is above what is in sight, in pixels. */
  get hidden(): number {
    return (this.scale.lineOf(this.top) - this.scale.lineOf(Math.floor(this.top))) * this.rowHeight;
  }

  /** scrolled takes where the user has put the scroll bar. */
  scrolled(px: number): void {
    const way = px - this.px;
    this.px = px;
    const near = this.scaled && Math.abs(way) < 2 * this.viewHeight && px > 0 && px < this.lastPx - 1;
    const line = near ? this.scale.lineOf(this.top) + way / this.rowHeight : this.share(px);
    this.top = this.clamp(this.scale.rowAt(line));
  }

  /** share gives the line of the screen that the scroll bar points at. */
  private share(px: number): number {
    if (!this.scaled) return px / this.rowHeight;
    return (px / this.lastPx) * this.scale.lineOf(this.lastTop);
  }

  /** place goes to a row, and gives where the scroll bar belongs. */
  place(top: number): number {
    this.top = this.clamp(top);
    const { scale } = this;
    const line = scale.lineOf(this.top);
    this.px = Math.round(this.scaled ? (line / scale.lineOf(this.lastTop)) * this.lastPx : line * this.rowHeight);
    return this.px;
  }

  /** reveal moves as little as needed to have a row in sight, or puts it in the middle. */
  reveal(index: number, middle: boolean): number {
    const { scale } = this;
    const inSight = index >= this.top && scale.lineOf(index + 1) <= scale.lineOf(this.top) + this.view;
    if (inSight) return this.place(this.top);
    if (middle) return this.place(scale.rowAt(Math.max(scale.lineOf(index) - Math.floor(this.view / 2), 0)));
    if (index < this.top) return this.place(index);
    return this.place(Math.min(scale.rowAt(Math.max(scale.lineOf(index + 1) - this.view, 0)), index));
  }

  private clamp(top: number): number {
    return Math.min(Math.max(top, 0), this.lastTop);
  }
}

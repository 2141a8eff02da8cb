// Which rows are in sight, and what the scroll bar says of it. Chromium makes no
// element higher than about 33.5 million pixels, so a long log is scaled: the
// scroll bar then only points at a place, and short ways (a wheel, a key) are gone
// row by row.

/** The list is made no higher than this many pixels. */
export const highest = 16_000_000;

export class Position {
  /** the first row in sight, with its hidden part */
  top = 0;
  /** where the scroll bar was last seen or put, in pixels */
  px = 0;
  rowHeight = 20;
  /** of what is in sight, in pixels */
  viewHeight = 0;
  total = 0;

  /** of the list, in pixels */
  get height(): number {
    return Math.min(this.total * this.rowHeight, highest);
  }

  private get scaled(): boolean {
    return this.total * this.rowHeight > highest;
  }

  /** rows that fit in sight, the cut one not counted */
  get page(): number {
    return Math.max(Math.floor(this.viewHeight / this.rowHeight), 1);
  }

  get lastTop(): number {
    return Math.max(this.total - this.viewHeight / this.rowHeight, 0);
  }

  private get lastPx(): number {
    return Math.max(this.height - this.viewHeight, 0);
  }

  get atBottom(): boolean {
    return this.top >= this.lastTop - 1;
  }

  /** scrolled takes where the user has put the scroll bar. */
  scrolled(px: number): void {
    const way = px - this.px;
    this.px = px;
    const near = this.scaled && Math.abs(way) < 2 * this.viewHeight && px > 0 && px < this.lastPx - 1;
    this.top = this.clamp(near ? this.top + way / this.rowHeight : this.share(px));
  }

  private share(px: number): number {
    if (!this.scaled) return px / this.rowHeight;
    return (px / this.lastPx) * this.lastTop;
  }

  /** place goes to a row, and gives where the scroll bar belongs. */
  place(top: number): number {
    this.top = this.clamp(top);
    const px = this.scaled ? (this.top / this.lastTop) * this.lastPx : this.top * this.rowHeight;
    this.px = Math.round(px);
    return this.px;
  }

  /** reveal moves as little as needed to have a row in sight, or puts it in the middle. */
  reveal(index: number, middle: boolean): number {
    const inSight = index >= this.top && index + 1 <= this.top + this.viewHeight / this.rowHeight;
    if (middle) return this.place(inSight ? this.top : index - Math.floor(this.page / 2));
    if (index < this.top) return this.place(index);
    return this.place(inSight ? this.top : index + 1 - this.viewHeight / this.rowHeight);
  }

  private clamp(top: number): number {
    return Math.min(Math.max(top, 0), this.lastTop);
  }
}

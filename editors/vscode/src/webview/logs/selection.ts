// Which rows are selected: from where it was begun to where the keyboard is. Rows
// are named by their numbers, so that a selection stays when rows are loaded or
// let go.

export class Selection {
  /** where the keyboard is; 0: nowhere */
  active = 0;
  private anchor = 0;

  get first(): number {
    return Math.min(this.anchor, this.active);
  }

  get last(): number {
    return Math.max(this.anchor, this.active);
  }

  /** to goes to a row, with extend taking those between along. */
  to(at: number, extend = false): void {
    this.active = at;
    if (!extend || this.anchor === 0) this.anchor = at;
  }

  clear(): void {
    this.active = this.anchor = 0;
  }
}

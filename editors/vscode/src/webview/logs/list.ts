// The list as elements: only the rows in sight exist. They lie in a layer that
// stays in sight while the scroll bar's room moves below it, so that scrolling
// never uncovers what is not drawn yet.
import { element } from "./element";
import { even, Heights } from "./heights";
import { drawn } from "./pieces";
import { Position } from "./position";
import { isGap, type Row } from "./row";
import { contentOf, type Look, longestName, mark, paint } from "./rowview";
import type { Stretch } from "./stretch";

/** What has to be painted again when it changes. */
type Painted = HTMLElement & {
  row?: Row | undefined;
  content?: string;
  marked?: number;
  index?: number;
  /** the age of the heights in which it was measured */
  measured?: number;
};

/** A row's padding and border left and right, in pixels; the style sheet has them. */
const rowPadding = 20;
/** Characters of a time, and of the place of a name. */
const timeWidth = 13;
const leastName = 8;

/** rowId names the element of a row, for aria-activedescendant. */
export const rowId = (at: number): string => `row${at}`;

export class List {
  readonly position = new Position();
  private readonly room = element("div", { class: "room" });
  readonly layer = element("div", {
    class: "layer",
    id: "list",
    role: "listbox",
    tabindex: 0,
    "aria-multiselectable": "true",
    "aria-label": "Log lines",
    "data-vscode-context": '{"preventDefaultContextMenuItems": true}', // the menu is the extension's
  });
  private readonly rows = element("div", { role: "presentation" });
  private elements: Painted[] = [];
  private version = 0;
  private widest = 0; // of the lines drawn so far, in characters
  private nameWidth = leastName; // so that texts begin below each other, in characters
  private height = -1;
  private put: number | undefined; // where the scroll bar is to be put, in pixels
  private aim: (() => number) | undefined; // says it again, when rows turn out higher than they were reckoned
  private readonly heights: Heights;

  constructor(
    readonly scroller: HTMLElement,
    private readonly stretch: Stretch,
    private readonly look: Look,
  ) {
    this.heights = new Heights(stretch);
    this.layer.append(this.rows);
    this.room.append(this.layer);
    scroller.append(this.room);
  }

  /** repaint has every row looked at again at the next draw. */
  repaint(): void {
    this.version++;
  }

  /** forgetWidth lets the list be narrow again: its rows are others now. */
  forgetWidth(): void {
    this.widest = 0;
    this.widenNames(leastName);
    if (this.wraps) this.fit();
  }

  get wraps(): boolean {
    return this.position.scale !== even;
  }

  /** wrap has long lines go on below, or beyond the right edge. The first row in sight stays. */
  wrap(on: boolean): void {
    this.position.scale = on ? this.heights : even;
    this.scroller.classList.toggle("wraps", on);
    this.forgetWidth();
    this.measure();
    this.goTo(this.position.top);
  }

  /** measure reads what the theme's font and the window make of a row and the list. */
  measure(): void {
    const style = getComputedStyle(this.layer);
    this.position.rowHeight = Math.max(Number.parseFloat(style.lineHeight) || 20, 8);
    this.position.viewHeight = this.scroller.clientHeight;
    // no higher than the view: what sticks must fit into the room at its end, too
    this.layer.style.height = `${this.position.viewHeight}px`;
    if (this.wraps) this.fit();
    this.repaint();
  }

  /** fit finds out how many characters fit beside each other. */
  private fit(): void {
    const sample = element("span", {}, "0".repeat(100));
    this.layer.append(sample);
    const width = sample.getBoundingClientRect().width / 100;
    sample.remove();
    const before = timeWidth + (this.look.named ? this.nameWidth + 2 : 0);
    this.heights.fit(Math.floor((this.scroller.clientWidth - rowPadding) / (width || 8)) - before);
  }

  /** goTo puts a row at the top, and with the next draw the scroll bar where that belongs. */
  goTo(top: number): void {
    this.go(() => this.position.place(top));
  }

  /** reveal brings a row in sight. */
  reveal(index: number, middle = false): void {
    this.go(() => this.position.reveal(index, middle));
  }

  private go(aim: () => number): void {
    this.position.total = this.stretch.total;
    this.aim = aim;
    this.put = aim();
  }

  /** scrolled takes where the user has put the scroll bar; false if it was put there by goTo, or is about to be. */
  scrolled(): boolean {
    if (this.put !== undefined) return false;
    const px = Math.round(this.scroller.scrollTop);
    if (Math.abs(px - this.position.px) <= 1) return false;
    this.position.scrolled(px);
    return true;
  }

  private size(): void {
    this.position.total = this.stretch.total;
    const { height } = this.position;
    if (height === this.height) return;
    this.height = height;
    this.room.style.height = `${height}px`;
  }

  /** inSight gives the indices of the first row in sight and the one behind the last. */
  inSight(): [number, number] {
    const first = Math.floor(this.position.top);
    const count = Math.ceil(this.position.viewHeight / this.position.rowHeight) + 1;
    const end = this.wraps ? Math.ceil(this.position.bottom) : first + count;
    return [first, Math.min(end, this.stretch.total)];
  }

  /** draw brings the elements in line with the rows in sight. */
  draw(): void {
    if (!this.wraps) this.drawRows();
    else this.drawWrapped();
    this.rows.style.transform = `translateY(${-Math.round(this.position.hidden)}px)`;
    // last, since it makes the browser lay everything out
    if (this.put !== undefined) this.scroller.scrollTop = this.put;
    this.put = this.aim = undefined;
  }

  /** Rows may be higher than they were reckoned: then others are in sight, which are drawn with the known heights. */
  private drawWrapped(): void {
    for (let tries = 0; tries < 3; tries++) {
      this.heights.reckon();
      this.settle();
      this.drawRows();
      if (!this.measureRows()) break;
    }
  }

  /** settle has the scroll bar where the first row belongs by what is known now. */
  private settle(): void {
    const { position } = this;
    position.total = this.stretch.total;
    const { px } = position;
    const aimed = this.aim ? this.aim() : position.scaled ? px : position.place(position.top);
    if (this.aim || Math.abs(aimed - px) > 1) this.put = aimed;
  }

  /** measureRows reads the heights of the rows that are new in sight; false if all are as they were reckoned. */
  private measureRows(): boolean {
    const fresh = this.elements.filter((el) => el.row && el.measured !== this.heights.age);
    const heights = fresh.map((el) => el.offsetHeight);
    let news = false;
    fresh.forEach((el, i) => {
      el.measured = this.heights.age;
      const lines = Math.max(Math.round(heights[i]! / this.position.rowHeight), 1);
      news = this.heights.measured(el.row!, lines) || news;
    });
    return news;
  }

  private drawRows(): void {
    this.size();
    const [first, end] = this.inSight();
    this.turn(first, end - first);
    let { widest, nameWidth } = this;
    for (let i = first; i < end; i++) {
      const row = this.stretch.row(i);
      this.drawRow(this.elements[i - first]!, row, i);
      if (!row || isGap(row)) continue;
      widest = Math.max(widest, Math.min(row.line.text.length, drawn));
      nameWidth = Math.max(nameWidth, Math.min(row.line.process.length, longestName));
    }
    this.widenNames(nameWidth);
    this.widen(widest);
  }

  /** widenNames makes room for a name that is longer than those before. */
  private widenNames(width: number): void {
    if (width === this.nameWidth) return;
    this.nameWidth = width;
    this.layer.style.setProperty("--name", `${width}ch`);
    if (this.wraps) this.fit();
  }

  /** widen has the list as wide as what was in sight, so that a long line does not come and go with its scroll bar. */
  private widen(widest: number): void {
    if (this.wraps || widest === 0) {
      this.layer.style.minWidth = "100%";
    } else if (widest > this.widest) {
      this.widest = widest;
      this.layer.style.minWidth = `max(100%, ${widest + 30}ch)`;
    }
  }

  private drawRow(el: Painted, row: Row | undefined, index: number): void {
    const number = row?.at ?? -1;
    if (el.row !== row || el.marked !== this.version) {
      const content = contentOf(row, this.look);
      if (el.row !== row || el.content !== content) {
        paint(el, row, this.look);
        el.row = row;
        el.content = content;
        el.measured = 0;
        if (row) el.id = rowId(number);
        else el.removeAttribute("id");
        el.index = -1;
      }
      mark(el, number, this.look);
      el.marked = this.version;
    }
    if (el.index === index) return;
    el.index = index;
    el.setAttribute("aria-setsize", String(this.stretch.total));
    el.setAttribute("aria-posinset", String(index + 1));
  }

  /** turn keeps the elements of rows that stay in sight, in order: those that left are used at the other end. */
  private turn(first: number, count: number): void {
    while (this.elements.length < count) {
      const el: Painted = element("div", { role: "option" });
      this.elements.push(el);
      this.rows.append(el);
    }
    for (const el of this.elements.splice(count)) el.remove();
    const stays = this.stretch.row(first);
    const down = stays ? this.elements.findIndex((el) => el.row === stays) : -1;
    if (down > 0) {
      const gone = this.elements.splice(0, down);
      this.elements.push(...gone);
      this.rows.append(...gone);
      return;
    }
    const top = this.elements[0]?.row;
    const up = top ? this.upTo(first, count, top) : 0;
    if (up > 0) {
      const gone = this.elements.splice(count - up);
      this.elements.unshift(...gone);
      this.rows.prepend(...gone);
    }
  }

  private upTo(first: number, count: number, top: Row): number {
    for (let i = 1; i < count; i++) if (this.stretch.row(first + i) === top) return i;
    return 0;
  }

  /** rowOf gives the row that an element belongs to. */
  rowOf(el: Element | null): Row | undefined {
    return (el?.closest(".row") as Painted | null)?.row;
  }
}

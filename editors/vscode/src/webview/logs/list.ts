// The list as elements: only the rows in sight exist. They lie in a layer that
// stays in sight while the scroll bar's room moves below it, so that scrolling
// never uncovers what is not drawn yet.
import { element } from "./element";
import { Position } from "./position";
import type { Row } from "./row";
import { type Look, paint } from "./rowview";
import type { Stretch } from "./stretch";

/** What has to be painted again when it changes. */
type Painted = HTMLElement & { row?: Row | undefined; painted?: number; index?: number };

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
  private height = -1;
  private put: number | undefined; // where the scroll bar is to be put, in pixels

  constructor(
    readonly scroller: HTMLElement,
    private readonly stretch: Stretch,
    private readonly look: Look,
  ) {
    this.layer.append(this.rows);
    this.room.append(this.layer);
    scroller.append(this.room);
  }

  /** repaint has every row painted again at the next draw. */
  repaint(): void {
    this.version++;
  }

  /** forgetWidth lets the list be narrow again. */
  forgetWidth(): void {
    this.widest = 0;
  }

  /** measure reads what the theme's font and the window make of a row and the list. */
  measure(): void {
    const style = getComputedStyle(this.layer);
    this.position.rowHeight = Math.max(Number.parseFloat(style.lineHeight) || 20, 8);
    this.position.viewHeight = this.scroller.clientHeight;
    // no higher than the view: what sticks must fit into the room at its end, too
    this.layer.style.height = `${this.position.viewHeight}px`;
    this.repaint();
  }

  /** goTo puts a row at the top, and with the next draw the scroll bar where that belongs. */
  goTo(top: number): void {
    this.position.total = this.stretch.total;
    this.put = this.position.place(top);
  }

  /** reveal brings a row in sight. */
  reveal(index: number, middle = false): void {
    this.position.total = this.stretch.total;
    this.put = this.position.reveal(index, middle);
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
    return [first, Math.min(first + count, this.stretch.total)];
  }

  /** draw brings the elements in line with the rows in sight. */
  draw(): void {
    this.size();
    const [first, end] = this.inSight();
    this.turn(first, end - first);
    let widest = this.widest;
    for (let i = first; i < end; i++) {
      const row = this.stretch.row(i);
      this.drawRow(this.elements[i - first]!, row, i);
      if (row && "line" in row) widest = Math.max(widest, Math.min(row.line.text.length, 2000));
    }
    if (widest > this.widest) {
      this.widest = widest;
      this.layer.style.minWidth = `max(100%, ${widest + 30}ch)`;
    } else if (widest === 0) {
      this.layer.style.minWidth = "100%";
    }
    const hidden = (this.position.top - first) * this.position.rowHeight;
    this.rows.style.transform = `translateY(${-Math.round(hidden)}px)`;
    // last, since it makes the browser lay everything out
    if (this.put !== undefined) this.scroller.scrollTop = this.put;
    this.put = undefined;
  }

  private drawRow(el: Painted, row: Row | undefined, index: number): void {
    const number = row?.at ?? -1;
    if (el.row !== row || el.painted !== this.version) {
      paint(el, row, this.look);
      el.row = row;
      el.painted = this.version;
      if (row) el.id = rowId(number);
      else el.removeAttribute("id");
      el.index = -1;
      const [first, last] = this.look.selected;
      el.setAttribute("aria-selected", String(number >= first && number <= last));
      el.classList.toggle("active", number === this.look.active);
      el.classList.toggle("current", number === this.look.current);
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

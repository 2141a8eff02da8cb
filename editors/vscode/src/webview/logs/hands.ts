// What the user's hands do in the list: keys, the mouse, what is selected, what is
// copied and opened.
import type { Place } from "../../panel/messages";
import type { Feed, Host } from "./feed";
import { type Command, keys } from "./keys";
import type { FileLink } from "./links";
import { type List, rowId } from "./list";
import { isGap, type LineRow, type Row, reading } from "./row";
import type { Look } from "./rowview";
import { Selection } from "./selection";

/** What hands ask of the page. */
export interface Asked {
  /** to the newest lines, and follow */
  follow(): Promise<void>;
  letGo(): void;
  /** the search: its box, the next hit, none */
  find(): void;
  step(backwards: boolean): void;
  leaveSearch(): void;
  clearFilter(): void;
  wrap(): void;
  say(text: string): void;
  /** rows look different now */
  again(): void;
}

/** Where the mouse was pressed: on which row, and at the start of which link. */
interface Press {
  row: Row | undefined;
  start: number | undefined;
  x: number;
  y: number;
}

/** A hand that clicks may move the mouse by so many pixels. */
const still = 4;

export class Hands {
  private readonly selection = new Selection();
  private pending: number | undefined; // the index of a row to make active once it is loaded
  private press: Press | undefined;

  constructor(
    private readonly list: List,
    private readonly feed: Feed,
    private readonly look: Look,
    private readonly host: Host,
    private readonly asked: Asked,
  ) {
    const { layer } = list;
    layer.addEventListener("mousedown", (event) => this.pressed(event));
    document.addEventListener("mouseup", (event) => this.released(event));
    layer.addEventListener("click", (event) => event.detail === 0 && this.act(pressAt(this.list, event), false));
    layer.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", (event) => this.keyAnywhere(event));
    document.addEventListener("copy", (event) => this.copied(event));
  }

  private readonly commands: Record<Command, (extend: boolean) => void> = {
    up: (extend) => this.move(-1, extend),
    down: (extend) => this.move(1, extend),
    pageUp: (extend) => this.move(-this.list.position.page, extend),
    pageDown: (extend) => this.move(this.list.position.page, extend),
    home: (extend) => this.moveTo(0, extend),
    end: (extend) => void this.toEnd(extend),
    find: () => this.asked.find(),
    next: () => this.asked.step(false),
    previous: () => this.asked.step(true),
    open: () => this.openActive(),
    escape: () => this.escape(),
    follow: () => void this.asked.follow(),
    copy: () => this.copy(false),
    copyAnsi: () => this.copy(true),
    clearFilter: () => this.asked.clearFilter(),
    wrap: () => this.asked.wrap(),
  };

  run(command: Command, extend = false): void {
    this.commands[command](extend);
  }

  private key(event: KeyboardEvent): void {
    const command = keys(event);
    if (!command) return;
    event.preventDefault();
    this.run(command, event.shiftKey);
  }

  private keyAnywhere(event: KeyboardEvent): void {
    if (event.key !== "f" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.run("find");
  }

  /**
   * What counts is where the mouse was pressed: lines that come meanwhile move the
   * rows, and the browser makes no click of a press on one row and a release on another.
   */
  private pressed(event: MouseEvent): void {
    this.press = event.button === 0 ? pressAt(this.list, event) : undefined;
  }

  private released(event: MouseEvent): void {
    const { press } = this;
    this.press = undefined;
    if (!press || Math.abs(event.clientX - press.x) > still || Math.abs(event.clientY - press.y) > still) return;
    if (document.getSelection()?.type !== "Range") this.act(press, event.shiftKey); // else text was selected
  }

  private act({ row, start }: Press, extend: boolean): void {
    if (!row) return;
    this.select(row.at, extend);
    if (start !== undefined && !isGap(row)) this.go(row, start);
  }

  /** select makes a row active, with extend all between along. */
  select(at: number, extend = false): void {
    this.selection.to(at, extend);
    this.look.active = this.selection.active;
    this.look.selected = [this.selection.first, this.selection.last];
    this.asked.again();
  }

  /** point tells a screen reader which row is active. */
  point(): void {
    const id = rowId(this.selection.active);
    const { layer } = this.list;
    if (this.selection.active > 0 && document.getElementById(id)) layer.setAttribute("aria-activedescendant", id);
    else layer.removeAttribute("aria-activedescendant");
  }

  /** changed is told that rows have come, and by how much those there before have moved. */
  changed(moved: number): void {
    if (this.pending === undefined) return;
    this.pending += moved;
    const row = this.feed.stretch.row(this.pending);
    if (!row) return;
    this.pending = undefined;
    this.select(row.at);
  }

  /** forget gives up on a row that is still loaded. */
  forget(): void {
    this.pending = undefined;
  }

  private move(by: number, extend: boolean): void {
    const { stretch } = this.feed;
    const { active } = this.selection;
    const [first, end] = this.list.inSight();
    if (active > 0 && stretch.has(active)) this.moveTo(stretch.find(active) + by, extend);
    else this.moveTo(by < 0 ? end - 1 : first, extend);
  }

  /** moveTo makes the row at an index active, now or once it is loaded. */
  private moveTo(index: number, extend: boolean): void {
    const { stretch } = this.feed;
    const to = Math.min(Math.max(index, 0), stretch.total - 1);
    if (to < 0) return;
    if (to < stretch.total - 1) this.asked.letGo();
    const row = stretch.row(to);
    this.list.reveal(to);
    if (row) this.select(row.at, extend);
    else this.pending = to;
    this.asked.again();
  }

  private async toEnd(extend: boolean): Promise<void> {
    if (!this.feed.following) await this.asked.follow();
    const last = this.feed.stretch.rows.at(-1);
    if (last) this.select(last.at, extend);
  }

  private escape(): void {
    this.selection.clear();
    this.select(0);
    this.asked.leaveSearch();
  }

  private openActive(): void {
    const { active } = this.selection;
    const row = this.feed.stretch.row(this.feed.stretch.find(active));
    if (row?.at === active && !isGap(row)) this.go(row);
  }

  /** go opens the link of a line that begins somewhere, or its first. */
  private go(row: LineRow, start?: number): void {
    const all = reading(row).links;
    const link = start === undefined ? all[0] : all.find((l) => l.start === start);
    if (!link) this.asked.say("This line names no file and no address.");
    else if ("url" in link) this.host.post({ type: "browse", url: link.url });
    else this.host.post({ type: "open", place: placeOf(row, link) });
  }

  private copied(event: ClipboardEvent): void {
    const inBox = document.activeElement instanceof HTMLInputElement;
    if (inBox || document.getSelection()?.type === "Range") return; // the browser copies that
    event.preventDefault();
    this.copy(false);
  }

  private copy(ansi: boolean): void {
    const { first, last, active } = this.selection;
    if (active === 0) this.asked.say("Nothing is selected.");
    else this.host.post({ type: "copy", view: this.feed.view, first, last, ansi });
  }
}

/** pressAt tells what an event is on. One without a mouse, such as a screen reader's, is a click only. */
function pressAt(list: List, { target, clientX: x, clientY: y }: MouseEvent): Press {
  const el = target as HTMLElement;
  const start = el.closest<HTMLElement>(".link")?.dataset.start;
  return { row: list.rowOf(el), start: start === undefined ? undefined : Number(start), x, y };
}

function placeOf(row: LineRow, { path, line, column }: FileLink): Place {
  const place = { process: row.line.process, seq: row.at, path, line };
  return column === undefined ? place : { ...place, column };
}

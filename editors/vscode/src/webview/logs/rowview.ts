// Draws a row into an element that was perhaps another row's before.
import { css, type Style } from "./ansi";
import { element } from "./element";
import { drawn, type Piece, pieces } from "./pieces";
import { gapText, isGap, type LineRow, type Row, reading } from "./row";

/** Of a name so many characters are shown. */
export const longestName = 20;

/** What rows look like now, beyond what they say. */
export interface Look {
  /** rows from the first to the last number are selected; the active one is where the keyboard is */
  active: number;
  selected: [first: number, last: number];
  /** the line that the search is at */
  current: number;
  /** hits by line number */
  marks: Map<number, [number, number][]>;
  /** lines of several processes are in the list: each says whose it is */
  named: boolean;
}

/**
 * contentOf tells what of the look is in the elements of a row. While it stays the
 * row is not painted again: a link that is made anew under the mouse takes no click.
 */
export function contentOf(row: Row | undefined, { named, marks }: Look): string {
  const hits = row && marks.get(row.at);
  return hits ? `${named} ${hits}` : String(named);
}

/** mark shows what a row is to the keyboard, the selection and the search. */
export function mark(el: HTMLElement, at: number, { selected: [first, last], active, current }: Look): void {
  el.setAttribute("aria-selected", String(at >= first && at <= last));
  el.classList.toggle("active", at === active);
  el.classList.toggle("current", at === current);
}

/** paint draws a row, or the place of one that is not loaded yet. */
export function paint(el: HTMLElement, row: Row | undefined, look: Look): void {
  el.className = "row";
  if (!row) {
    el.textContent = "";
    el.setAttribute("aria-label", "loading");
    return;
  }
  el.removeAttribute("aria-label");
  if (isGap(row)) {
    el.classList.add("gap");
    el.replaceChildren(element("span", {}, gapText(row.gap)));
    return;
  }
  paintLine(el, row, look);
}

function paintLine(el: HTMLElement, row: LineRow, look: Look): void {
  const { line } = row;
  el.classList.add(line.level, line.stream);
  el.classList.toggle("context", row.context);
  el.classList.toggle("apart", row.apart);
  const cells: Node[] = [element("span", { class: "time" }, clock(line.t))];
  if (look.named) cells.push(nameOf(line.process));
  if (severe.has(line.level)) cells.push(element("span", { class: "unseen" }, line.level));
  const text = element("span", { class: "text" });
  paintText(text, row, look.marks.get(row.at) ?? []);
  if (line.partial) text.append(element("span", { class: "more", title: "The line goes on in the next row" }, "↩"));
  cells.push(text);
  el.replaceChildren(...cells);
}

function nameOf(process: string): HTMLElement {
  const el = element("span", { class: `process hue${hue(process)}` }, process);
  if (process.length > longestName) el.title = process;
  return el;
}

const severe = new Set(["warn", "error", "fatal"]);

function paintText(into: HTMLElement, row: LineRow, hits: [number, number][]): void {
  const { text, spans, links } = reading(row);
  if (spans.length + links.length + hits.length === 0 && text.length <= drawn) {
    into.textContent = text;
    return;
  }
  into.append(...pieces(text, spans, links, hits).map(paintPiece));
  if (text.length > drawn) {
    into.append(element("span", { class: "more" }, `… ${(text.length - drawn).toLocaleString("en")} more characters`));
  }
}

function paintPiece(piece: Piece): Node {
  if (!piece.style && !piece.link && !piece.hit) return document.createTextNode(piece.text);
  const el = element(piece.hit ? "mark" : "span", {}, piece.text);
  if (piece.style) dress(el, piece.style);
  if (piece.link) {
    el.classList.add("link");
    el.dataset.start = String(piece.link.start);
  }
  return el;
}

const flags = ["bold", "dim", "italic", "underline", "strike"] as const;

function dress(el: HTMLElement, style: Style): void {
  el.classList.add("ansi");
  for (const flag of flags) el.classList.toggle(flag, style[flag] === true);
  const fg = style.fg === undefined ? undefined : css(style.fg);
  const bg = style.bg === undefined ? undefined : css(style.bg);
  const [front, back] = style.inverse
    ? [bg ?? "var(--vscode-editor-background)", fg ?? "var(--vscode-editor-foreground)"]
    : [fg, bg];
  if (front) el.style.color = front;
  if (back) el.style.backgroundColor = back;
}

/** clock writes a time of day with milliseconds. */
export function clock(t: number): string {
  const d = new Date(t);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, "0")}`;
}

/** hue gives one of six colours to a name, always the same. */
function hue(name: string): number {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + c.codePointAt(0)!) % 997;
  return sum % 6;
}

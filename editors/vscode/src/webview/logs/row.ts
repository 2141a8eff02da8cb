// What the list has a row for: lines, and gaps where lines were lost. A row's
// text is cut into colours and links once, when it is first drawn.

import type { Page } from "../../panel/messages";
import type { Gap, Line, LinesColumns } from "../../protocol";
import { parse, type Span } from "./ansi";
import { type Link, links } from "./links";

export interface LineRow {
  /** the line's number; rows ascend by it */
  at: number;
  line: Line;
  /** it stands here for the sake of a hit beside it */
  context: boolean;
  /** lines between it and the row above are left out */
  apart: boolean;
  read?: Reading;
  tall?: Tall;
}

export interface GapRow {
  /** the last number that was lost */
  at: number;
  gap: Gap;
  tall?: Tall;
}

export type Row = LineRow | GapRow;

/** How many lines of the screen a row takes when it is wrapped, and in what age of Heights that holds. */
export interface Tall {
  age: number;
  lines: number;
}

/** What a line's raw text means. */
export interface Reading {
  text: string;
  spans: Span[];
  links: Link[];
}

export const isGap = (row: Row): row is GapRow => "gap" in row;

/** reading cuts a row's text, once. */
export function reading(row: LineRow): Reading {
  if (!row.read) {
    const { text, spans } = parse(row.line.text);
    row.read = { text, spans, links: links(text) };
  }
  return row.read;
}

/** So many rows back the parts of a line that is drawn over are looked for: other processes' lines are between. */
const near = 200;

/** add puts a row behind others. What a program has drawn it over goes, but for a line that somebody looks for. */
export function add(rows: Row[], row: Row, keep?: number): void {
  if (!isGap(row) && row.line.redraw) drop(rows, row.line, keep);
  rows.push(row);
}

function drop(rows: Row[], { process, stream }: Line, keep?: number): void {
  for (let i = rows.length - 1, end = Math.max(0, i - near); i >= end; i--) {
    const row = rows[i]!;
    if (isGap(row) || row.line.process !== process || row.line.stream !== stream) continue;
    if (!row.line.partial) return;
    if (row.at !== keep) rows.splice(i, 1);
  }
}

/** fromPage makes rows of a page; keep is the number of a line that stays even if it was drawn over. */
export function fromPage(page: Page, keep?: number): Row[] {
  const context = new Set(page.context);
  const apart = new Set(page.apart);
  const rows: Row[] = page.gap ? [{ at: page.gap.to, gap: page.gap }] : [];
  for (const line of page.lines)
    add(rows, { at: line.seq, line, context: context.has(line.seq), apart: apart.has(line.seq) }, keep);
  return rows;
}

/** fromColumns makes rows of a batch; PROTOCOL §9.11 has what its members mean. */
export function fromColumns(batch: LinesColumns): Row[] {
  const rows: Row[] = batch.gap ? [{ at: batch.gap.to, gap: batch.gap }] : [];
  const partial = new Set(batch.partial);
  const redraw = new Set(batch.redraw);
  let seq = batch.first;
  let t = batch.t0;
  let i = 0;
  for (const [count, process, run, stream, level] of batch.runs) {
    for (const end = i + count; i < end; i++) {
      t += batch.dt[i]!;
      if (i > 0) seq += batch.dseq ? batch.dseq[i]! : 1;
      const line = { seq, t, process, run, stream, level, text: batch.text[i]! } as Line;
      if (partial.has(i)) line.partial = true;
      if (redraw.has(i)) line.redraw = true;
      add(rows, { at: seq, line, context: false, apart: false });
    }
  }
  return rows;
}

/** gapText says what is missing. */
export function gapText(gap: Gap): string {
  const count = gap.count.toLocaleString("en");
  const lines = `${gap.filtered ? "up to " : ""}${count} ${gap.count === 1 ? "line" : "lines"}`;
  return gap.reason === "cleared" ? `${lines} cleared` : `${lines} lost: they had to make room for newer ones`;
}

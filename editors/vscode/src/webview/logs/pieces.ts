// A line cut into pieces that each look and behave in one way: where colours,
// links and hits of a search begin and end.
import type { Span, Style } from "./ansi";
import type { Link } from "./links";

export interface Piece {
  text: string;
  style?: Style;
  link?: Link;
  /** a search has found it */
  hit?: boolean;
}

/** Of a longer line only so much is drawn: a browser takes seconds to lay out a line of 64 KiB. */
export const drawn = 2000;

/** pieces cuts a text. Spans, links and hits each ascend and don't overlap among themselves. */
export function pieces(text: string, spans: Span[], links: Link[], hits: [number, number][]): Piece[] {
  const end = Math.min(text.length, drawn);
  const cuts = new Set([0, end]);
  for (const { start, end: stop } of [...spans, ...links]) cuts.add(start).add(stop);
  for (const [start, stop] of hits) cuts.add(start).add(stop);
  const at = [...cuts].filter((c) => c <= end).sort((a, b) => a - b);
  const out: Piece[] = [];
  let s = 0,
    l = 0,
    h = 0;
  for (let i = 0; i + 1 < at.length; i++) {
    const from = at[i]!;
    while (s < spans.length && spans[s]!.end <= from) s++;
    while (l < links.length && links[l]!.end <= from) l++;
    while (h < hits.length && hits[h]![1] <= from) h++;
    const piece: Piece = { text: text.slice(from, at[i + 1]) };
    if (s < spans.length && spans[s]!.start <= from) piece.style = spans[s]!.style;
    if (l < links.length && links[l]!.start <= from) piece.link = links[l]!;
    if (h < hits.length && hits[h]![0] <= from) piece.hit = true;
    out.push(piece);
  }
  return out;
}

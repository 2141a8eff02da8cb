// Hits of a search with the lines around them, as one ascending list: what two
// hits share stands in it once. It asks nothing.
import type { Hit, Line } from "../protocol";
import type { Page } from "./messages";

/** flatten takes hits that ascend. */
export function flatten(hits: Hit[]): Pick<Page, "lines" | "context" | "apart"> {
  const matching = new Set(hits.map((h) => h.line.seq));
  const all = new Map<number, Line>();
  const apart: number[] = [];
  for (const { line, before = [], after = [] } of hits) {
    const group = [...before, line, ...after];
    const head = group.find((l) => !all.has(l.seq))!;
    if (head === group[0] && all.size > 0) apart.push(head.seq);
    for (const l of group) all.set(l.seq, l);
  }
  const lines = [...all.values()].sort((a, b) => a.seq - b.seq);
  return { lines, context: lines.filter((l) => !matching.has(l.seq)).map((l) => l.seq), apart };
}

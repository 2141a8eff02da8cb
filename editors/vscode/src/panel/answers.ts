// Answers the page's questions from the engine. Here, and only here, a line's
// number becomes a cursor: PROTOCOL §3 gives a cursor's form, "epoch:seq".
import type { CancellationToken } from "vscode";
import type { Engine } from "../engine";
import type { Filter, Hit, Line, LogsQueryParams, LogsSearchParams } from "../protocol";
import { flatten } from "./matches";
import type { Extent, Found, From, Mark, Page, Query, Questions, View } from "./messages";

export type Asked = Pick<Engine, "request">;

export class Answers {
  constructor(
    private readonly engine: Asked,
    readonly epoch: string,
  ) {}

  cursor(seq: number): string {
    return `${this.epoch}:${seq}`;
  }

  /** page reads lines of a view. */
  async page({ view, from, limit }: Questions["page"]["params"]): Promise<Page> {
    if (view.matches) return this.matchesPage(view.filter, view.matches, from, limit);
    const { lines, more, gap } = await this.engine.request("logs/query", {
      filter: view.filter,
      ansi: true,
      ...this.start(from, limit),
    });
    return gap ? { lines, more, gap } : { lines, more };
  }

  private start(from: From, limit: number): Pick<LogsQueryParams, "after" | "before" | "tail" | "limit"> {
    if ("tail" in from) return { tail: limit };
    if ("after" in from) return { after: this.cursor(from.after), limit };
    return { before: this.cursor(from.before), limit };
  }

  /** A page of matches has as many hits as fit into the limit with their context. */
  private async matchesPage(
    filter: Filter,
    matches: Query & { context: number },
    from: From,
    limit: number,
  ): Promise<Page> {
    const oldest = "after" in from;
    const at = "after" in from ? from.after : "before" in from ? from.before : undefined;
    const { hits, more } = await this.engine.request("logs/search", {
      ...asked(matches, filter),
      ansi: true,
      context: matches.context,
      limit: Math.max(Math.floor(limit / (1 + 2 * matches.context)), 10),
      order: oldest ? "oldest" : "newest",
      ...(at === undefined || at === 0 ? {} : { cursor: this.cursor(at) }),
    });
    return { ...flatten(oldest ? hits : hits.reverse()), more };
  }

  /** extent counts the lines of a view: a regular expression that every line matches is counted from memory. */
  async extent({ view }: Questions["extent"]["params"]): Promise<Extent> {
    const every: LogsSearchParams = { query: "^", regexp: true, filter: view.filter };
    const params = view.matches ? asked(view.matches, view.filter) : every;
    const [newest, oldest] = await Promise.all([
      this.engine.request("logs/search", { ...params, limit: 1, count: true }),
      this.engine.request("logs/search", { ...params, limit: 1, order: "oldest" }),
    ]);
    return { total: newest.total ?? 0, first: seqOf(oldest.hits), last: seqOf(newest.hits) };
  }

  /** find gives the next line with a hit in a direction. */
  async find(
    { query, filter, from, backwards, count }: Questions["find"]["params"],
    token: CancellationToken,
  ): Promise<Found> {
    const result = await this.engine.request(
      "logs/search",
      {
        ...asked(query, filter),
        limit: 1,
        order: backwards ? "newest" : "oldest",
        count,
        ...(from ? { cursor: this.cursor(from) } : {}),
      },
      token,
    );
    const hit = result.hits[0]?.line;
    return { ...(hit ? { hit } : {}), total: result.total ?? 0 };
  }

  /** marks gives the ranges of hits in lines from a number to another. */
  async marks({ query, filter, first, last }: Questions["marks"]["params"]): Promise<Mark[]> {
    const { hits } = await this.engine.request("logs/search", {
      ...asked(query, filter),
      limit: 200,
      order: "oldest",
      ...(first > 1 ? { cursor: this.cursor(first - 1) } : {}),
    });
    return hits.filter((h) => h.line.seq <= last).map((h) => [h.line.seq, h.ranges]);
  }

  /** lines reads all lines of a view from a number to another, a page at a time, until there are too many characters. */
  async lines(
    view: View,
    first: number,
    last: number,
    ansi: boolean,
    most: number,
  ): Promise<{ lines: Line[]; cut: boolean }> {
    const out: Line[] = [];
    let size = 0;
    for (let after = first - 1; ; ) {
      const page = await this.engine.request("logs/query", {
        filter: matching(view),
        ansi,
        after: this.cursor(after),
        limit: 500,
      });
      for (const line of page.lines) {
        if (line.seq > last) return { lines: out, cut: false };
        size += line.text.length + 1;
        if (size > most) return { lines: out, cut: true };
        out.push(line);
      }
      const end = page.lines.at(-1);
      if (!page.more || !end) return { lines: out, cut: false };
      after = end.seq;
    }
  }
}

const seqOf = (hits: Hit[]): number => hits[0]?.line.seq ?? 0;

function asked({ text, regexp, wholeWord, caseSensitive }: Query, filter: Filter): LogsSearchParams {
  return { query: text, regexp, wholeWord, filter, ...(caseSensitive === undefined ? {} : { caseSensitive }) };
}

/** matching is the filter of a view: that of its matches is a pattern, without context. */
export function matching({ filter, matches }: View): Filter {
  if (!matches) return filter;
  const { text, regexp, wholeWord, caseSensitive } = matches;
  const of = caseSensitive === undefined ? {} : { caseSensitive };
  if (!wholeWord) return { ...filter, ...of, ...(regexp ? { regexp: text } : { text }) };
  return { ...filter, ...of, regexp: `\\b(?:${regexp ? text : text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")})\\b` };
}

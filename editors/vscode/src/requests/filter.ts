// The filter of the requests as somebody types it, and as the engine takes it. It
// knows no editor.
import type { RequestFilter } from "../protocol";

/** What the box that asks for a filter says. */
export const hint = "POST 5xx >200ms @web type:json /api failed";

const methods = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE)$/i;

/** Reads words in any order; what is no other word is a part of the path. The last of a kind counts. */
export function parseFilter(text: string): RequestFilter {
  const filter: RequestFilter = {};
  for (const word of text.split(/\s+/).filter((w) => w !== "")) {
    const slow = /^>(\d+)(ms|s)?$/.exec(word);
    if (word === "failed") filter.failed = true;
    else if (slow) filter.minMs = Number(slow[1]) * (slow[2] === "s" ? 1000 : 1);
    else if (/^[1-5](xx|\d\d(-[1-5]\d\d)?)$/.test(word)) filter.status = word;
    else if (methods.test(word)) filter.method = word.toUpperCase();
    else if (/^@./.test(word)) filter.process = word.slice(1);
    else if (/^type:./.test(word)) filter.type = word.slice("type:".length);
    else filter.path = word;
  }
  return filter;
}

import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { matching } from "../../src/panel/answers";
import type { Questions } from "../../src/panel/messages";
import { candidates } from "../../src/panel/paths";
import { parseTimes } from "../../src/panel/times";
import { keys } from "../../src/webview/logs/keys";
import { Search } from "../../src/webview/logs/search";
import { Selection } from "../../src/webview/logs/selection";

const query = { text: "x", regexp: false, wholeWord: false };

/** A search over lines of which these have a hit. */
function search(...hits: number[]): Search {
  const ask = async (_: string, { from, backwards }: Questions["find"]["params"]) => {
    const before = hits.filter((h) => from === undefined || h < from);
    const after = hits.filter((h) => h > (from ?? 0));
    const seq = backwards ? before.at(-1) : after[0];
    return { hit: seq === undefined ? undefined : { seq }, total: hits.length };
  };
  return new Search({ ask, post: () => {} } as never);
}

test("a search begins at the newest hit and goes round at both ends", async () => {
  const s = search(3, 5, 9);
  await s.begin(query, {});
  assert.deepEqual([s.current?.seq, s.says], [9, "3 of 3"]);
  await s.step({}, false);
  assert.deepEqual([s.current?.seq, s.says], [3, "1 of 3"]);
  await s.step({}, true);
  assert.deepEqual([s.current?.seq, s.says], [9, "3 of 3"]);
  await s.step({}, true);
  assert.deepEqual([s.current?.seq, s.says], [5, "2 of 3"]);
});

test("from a line the hit at it or before it comes first, else the newest", async () => {
  const s = search(3, 5, 9);
  await s.begin(query, {}, 5);
  assert.deepEqual([s.current?.seq, s.says], [5, "3 matches"]);
  await s.begin(query, {}, 2);
  assert.deepEqual([s.current?.seq, s.says], [9, "3 of 3"]);
});

test("steps that are asked for at once are gone one after the other", async () => {
  const s = search(1, 2, 3, 4);
  await s.begin(query, {});
  await Promise.all([s.step({}, true), s.step({}, true), s.step({}, true)]);
  assert.deepEqual([s.current?.seq, s.says], [1, "1 of 4"]);
});

test("what is wrong with a pattern is said, and goes with the next one", async () => {
  let wrong = true;
  const ask = async () => (wrong ? Promise.reject(new Error("missing closing )")) : { total: 0 });
  const s = new Search({ ask, post: () => {} } as never);
  await s.begin(query, {});
  assert.equal(s.says, "missing closing )");
  wrong = false;
  await s.begin(query, {});
  assert.equal(s.says, "no matches");
});

test("a selection keeps its other end while it is extended", () => {
  const s = new Selection();
  s.to(10);
  s.to(7, true);
  assert.deepEqual([s.first, s.last, s.active], [7, 10, 7]);
  s.to(12, true);
  assert.deepEqual([s.first, s.last, s.active], [10, 12, 12]);
  s.to(3);
  assert.deepEqual([s.first, s.last], [3, 3]);
});

test("keys with modifiers are the editor's", () => {
  const key = (k: string, more = {}) =>
    keys({ key: k, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
  assert.equal(key("n"), "next");
  assert.equal(key("N", { shiftKey: true }), "previous");
  assert.equal(key("F3", { shiftKey: true }), "previous");
  assert.equal(key("n", { ctrlKey: true }), undefined);
  assert.equal(key("q"), undefined);
});

test("a view of matches is followed by its pattern", () => {
  const filter = { processes: ["web"] };
  assert.deepEqual(matching({ filter }), filter);
  assert.deepEqual(matching({ filter, matches: { ...query, context: 2 } }), { ...filter, text: "x" });
  assert.deepEqual(
    matching({ filter, matches: { ...query, text: "a.b", wholeWord: true, caseSensitive: true, context: 0 } }),
    {
      ...filter,
      caseSensitive: true,
      regexp: "\\b(?:a\\.b)\\b",
    },
  );
});

test("a path may be below the process's folder, the workspace's, or be whole", () => {
  assert.deepEqual(candidates("src/a.ts", ["/w/web", "/w"]), ["/w/web/src/a.ts", "/w/src/a.ts"]);
  assert.deepEqual(candidates("/src/a.ts", ["/w"]), ["/src/a.ts", "/w/src/a.ts"]);
  assert.deepEqual(candidates("file:///w/a%20b.ts", ["/w"]), ["/w/a b.ts"]);
  assert.deepEqual(candidates("~/a.ts", ["/w"]), [join(homedir(), "a.ts")]);
});

test("times of the day are read, to the end of what they name", () => {
  const now = new Date(2026, 10, 27, 15, 0).getTime();
  const at = (...time: [number, number, number?, number?]) => new Date(2026, 10, 27, ...time).getTime();
  assert.deepEqual(parseTimes("14:05 – 14:20:30", now), { sinceMs: at(14, 5), untilMs: at(14, 20, 30, 999) });
  assert.deepEqual(parseTimes("9:00 -", now), { sinceMs: at(9, 0), untilMs: undefined });
  assert.deepEqual(parseTimes("- 14:20", now), { sinceMs: undefined, untilMs: at(14, 20, 59, 999) });
  for (const wrong of ["", "-", "noon", "15:00 - 14:00", "14:05"])
    assert.equal(parseTimes(wrong, now), undefined, wrong);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "../../src/webview/logs/row";
import { most, Stretch } from "../../src/webview/logs/stretch";

/** Rows with the numbers from first to last. */
function rows(first: number, last: number): Row[] {
  const out: Row[] = [];
  for (let at = first; at <= last; at++) out.push({ at, gap: { from: at, to: at, count: 1, reason: "cleared" } });
  return out;
}

test("at the end the last row is the last of all", () => {
  const s = new Stretch();
  s.heard({ total: 1000, first: 1, last: 1000 }, false);
  s.replace(rows(901, 1000), 0, false, true);
  assert.deepEqual([s.base, s.total, s.end], [900, 1000, 1000]);
  s.append(rows(990, 1010), true); // some are there already
  assert.deepEqual([s.base, s.total, s.row(1009)?.at], [900, 1010, 1010]);
});

test("what is loaded is bounded, also when it only grows", () => {
  const s = new Stretch();
  s.replace(rows(1, 10), 0, true, true);
  for (let at = 11; at < 100_000; at += 500) s.append(rows(at, at + 499), true);
  assert.ok(s.rows.length <= most + 2_500);
  assert.equal(s.end, s.total);
  assert.equal(s.row(s.total - 1)?.at, 100_010);
  assert.equal(s.atStart, false);
});

test("an estimate is mended at the start, and says by how much rows have moved", () => {
  const s = new Stretch();
  s.heard({ total: 10_000, first: 1, last: 40_000 }, false);
  s.replace(rows(301, 400), s.indexOf(301), false, false);
  const before = s.base;
  const moved = s.prepend(rows(1, 300), true);
  assert.equal(s.base, 0);
  assert.equal(moved, 300 - before);
  assert.equal(s.find(301), before + moved);
});

test("an estimate that leaves no room before is made greater", () => {
  const s = new Stretch();
  s.heard({ total: 100, first: 1, last: 100_000 }, false);
  s.replace(rows(50_000, 50_010), 1, false, false);
  const moved = s.prepend(rows(49_900, 49_999), false);
  assert.ok(s.base > 0, "there are rows before, so there is room for them");
  assert.equal(s.find(50_000), 1 + moved);
  assert.ok(s.total >= s.end);
});

test("hearing of more than is loaded opens the end, but not while it follows", () => {
  const s = new Stretch();
  s.replace(rows(1, 10), 0, true, true);
  s.heard({ total: 15, first: 1, last: 15 }, true);
  assert.deepEqual([s.atEnd, s.total], [true, 10]);
  s.heard({ total: 15, first: 1, last: 15 }, false);
  assert.deepEqual([s.atEnd, s.total], [false, 15]);
});

test("lines that were counted and come later are not counted twice", () => {
  const s = new Stretch();
  s.replace(rows(9_001, 9_100), 5_000, false, true);
  s.heard({ total: 9_150, first: 1, last: 9_150 }, true); // fifty are on their way
  assert.deepEqual([s.base, s.total, s.exact], [9_000, 9_100, false]);
  s.append(rows(9_101, 9_200), true);
  s.heard({ total: 9_150, first: 1, last: 9_150 }, true); // fifty came after it was counted
  assert.deepEqual([s.base, s.total, s.exact], [9_000, 9_200, true]);
});

test("index and number of what is not loaded are estimated in between", () => {
  const s = new Stretch();
  s.heard({ total: 101, first: 1000, last: 2000 }, false);
  assert.equal(s.seqAt(0), 1000);
  assert.equal(s.seqAt(50), 1500);
  assert.equal(s.indexOf(2000), 100);
  assert.equal(s.indexOf(5), 0);
});

test("find gives the first row at or behind a number", () => {
  const s = new Stretch();
  s.replace([...rows(10, 12), ...rows(20, 22)], 5, false, false);
  assert.deepEqual(
    [9, 10, 13, 22, 23].map((at) => s.find(at)),
    [5, 5, 8, 10, 11],
  );
  assert.deepEqual(
    [9, 13, 22, 23].map((at) => s.has(at)),
    [false, true, true, false],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "../../src/protocol";
import { Heights } from "../../src/webview/logs/heights";
import { Position } from "../../src/webview/logs/position";
import type { LineRow } from "../../src/webview/logs/row";
import { Stretch } from "../../src/webview/logs/stretch";

function row(at: number, length: number): LineRow {
  const line = { seq: at, text: "x".repeat(length), process: "web" } as Line;
  return { at, line, context: false, apart: false };
}

// heights has rows of so many characters, beginning somewhere in a longer list.
function heights(lengths: number[], base = 0, total = lengths.length): { heights: Heights; stretch: Stretch } {
  const stretch = new Stretch();
  stretch.rows = lengths.map((length, i) => row(i + 1, length));
  stretch.base = base;
  stretch.total = total;
  const made = new Heights(stretch);
  made.fit(10);
  made.reckon();
  return { heights: made, stretch };
}

test("a row takes as many lines as its text needs", () => {
  const { heights: h } = heights([0, 10, 11, 35]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((i) => h.lineOf(i)),
    [0, 1, 2, 4, 8],
  );
  assert.equal(h.lineOf(3.5), 6);
  assert.equal(h.rowAt(6), 3.5);
});

test("colours take no room", () => {
  const { heights: h, stretch } = heights([10]);
  stretch.rows = [{ ...row(1, 0), line: { ...row(1, 0).line, text: `\u001b[31m${"x".repeat(10)}\u001b[0m` } }];
  h.reckon();
  assert.equal(h.lineOf(1), 1);
});

test("what was measured counts, until the width is another one", () => {
  const { heights: h, stretch } = heights([10, 10]);
  assert.ok(h.measured(stretch.rows[0]!, 3));
  assert.ok(!h.measured(stretch.rows[0]!, 3));
  h.reckon();
  assert.equal(h.lineOf(2), 4);
  h.fit(5);
  h.reckon();
  assert.equal(h.lineOf(2), 4); // two lines each, as reckoned
  assert.equal(h.lineOf(1), 2);
});

test("rows that are not loaded are as high as those that are, on average", () => {
  const { heights: h } = heights([10, 30], 100, 202);
  assert.equal(h.lineOf(100), 200);
  assert.equal(h.lineOf(101), 201);
  assert.equal(h.lineOf(102), 204);
  assert.equal(h.lineOf(202), 404);
  assert.equal(h.rowAt(100), 50);
  assert.equal(h.rowAt(304), 152);
});

test("rows and lines are each other's reverse everywhere", () => {
  const { heights: h } = heights([5, 50, 500, 5, 15], 7, 31);
  for (let at = 0; at <= 31; at += 0.25) assert.ok(Math.abs(h.rowAt(h.lineOf(at)) - at) < 1e-9, `row ${at}`);
});

test("the end of a wrapped list is its last line, and a wheel goes by lines", () => {
  const { heights: h, stretch } = heights(Array(100).fill(35));
  const p = new Position();
  p.viewHeight = 200;
  p.total = stretch.total;
  p.scale = h;
  assert.equal(p.height, 100 * 4 * 20);
  p.place(p.total);
  assert.equal(p.top, 97.5);
  assert.ok(p.atBottom);
  assert.equal(p.bottom, 100);
  p.scrolled(p.px - 20);
  assert.equal(p.top, 97.25);
  assert.equal(p.hidden, 20);
});

test("a row that is higher than the view is revealed from its beginning", () => {
  const { heights: h, stretch } = heights([10, 10, 10, 200, 10, 10]);
  const p = new Position();
  p.viewHeight = 100;
  p.total = stretch.total;
  p.scale = h;
  p.reveal(3, false);
  assert.equal(p.top, 3);
});

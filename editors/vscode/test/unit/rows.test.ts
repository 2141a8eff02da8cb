import assert from "node:assert/strict";
import { test } from "node:test";
import { flatten } from "../../src/panel/matches";
import type { Hit, Line, LinesColumns } from "../../src/protocol";
import { drawn, pieces } from "../../src/webview/logs/pieces";
import { fromColumns, fromPage, gapText, isGap, type Row, reading } from "../../src/webview/logs/row";
import { Stretch } from "../../src/webview/logs/stretch";

const line = (seq: number, text = `line ${seq}`): Line => ({
  seq,
  t: 1000 + seq,
  process: "web",
  run: 1,
  stream: "stdout",
  level: "info",
  text,
});

test("columns become the lines that they were", () => {
  const batch: LinesColumns = {
    subscription: "1",
    batch: 1,
    next: "e:9",
    first: 5,
    t0: 100,
    dt: [0, 2, 0],
    dseq: [0, 1, 3],
    runs: [
      [2, "web", 1, "stdout", "info"],
      [1, "api", 4, "stderr", "error"],
    ],
    partial: [1],
    text: ["a", "b", "c"],
  };
  const lines = fromColumns(batch).map((r) => !isGap(r) && r.line);
  assert.deepEqual(lines, [
    { seq: 5, t: 100, process: "web", run: 1, stream: "stdout", level: "info", text: "a" },
    { seq: 6, t: 102, process: "web", run: 1, stream: "stdout", level: "info", text: "b", partial: true },
    { seq: 9, t: 102, process: "api", run: 4, stream: "stderr", level: "error", text: "c" },
  ]);
});

test("a state of a progress bar stands in the place of the one before", () => {
  const state = (seq: number, text: string, partial: boolean, redraw: boolean): Line => ({
    ...line(seq, text),
    partial,
    redraw,
  });
  const lines = [
    { ...line(1), partial: true },
    line(2, "its end"),
    state(3, "10%", true, false),
    { ...line(4, "of another one"), process: "api" },
    state(5, " soon", true, false),
    state(6, "20%", true, true),
    state(7, "30%", false, true),
  ];
  const texts = (rows: Row[]) => rows.map((r) => !isGap(r) && r.line.text);
  const want = ["line 1", "its end", "of another one", "30%"];
  const page = { lines, more: false };
  assert.deepEqual(texts(fromPage(page)), want);
  assert.deepEqual(texts(fromPage(page, 6)), ["line 1", "its end", "of another one", "20%", "30%"]);
  const stretch = new Stretch();
  stretch.append(fromPage({ ...page, lines: lines.slice(0, 4) }), true);
  assert.equal(stretch.total, 4);
  const live = fromColumns({
    subscription: "1",
    batch: 1,
    next: "",
    first: 5,
    t0: 0,
    dt: [0, 0, 0],
    runs: [[3, "web", 1, "stdout", "info"]],
    partial: [0, 1],
    redraw: [1, 2],
    text: [" soon", "20%", "30%"],
  });
  stretch.append(live, true);
  assert.deepEqual([texts(stretch.rows), stretch.total], [want, 4]);
});

test("without steps the numbers follow each other, and a gap stands before them", () => {
  const rows = fromColumns({
    subscription: "1",
    batch: 2,
    next: "e:12",
    gap: { from: 3, to: 10, count: 8, reason: "overwritten" },
    first: 11,
    t0: 0,
    dt: [0, 0],
    runs: [[2, "web", 1, "stdout", "info"]],
    text: ["", "x"],
  });
  assert.deepEqual(
    rows.map((r) => r.at),
    [10, 11, 12],
  );
  assert.ok(isGap(rows[0]!));
});

test("a gap says how much is missing, and whether that is a bound", () => {
  assert.equal(
    gapText({ from: 1, to: 1234, count: 1234, reason: "overwritten" }),
    "1,234 lines lost: they had to make room for newer ones",
  );
  assert.equal(gapText({ from: 1, to: 1, count: 1, reason: "cleared" }), "1 line cleared");
  assert.match(gapText({ from: 1, to: 9, count: 9, reason: "overwritten", filtered: true }), /^up to 9 lines lost/);
});

test("a row's text is cut once", () => {
  const row = fromPage({ lines: [line(1, "\u001b[31mred\u001b[0m at a.go:1")], more: false })[0] as Exclude<
    Row,
    { gap: unknown }
  >;
  assert.equal(reading(row).text, "red at a.go:1");
  assert.equal(reading(row), reading(row));
});

test("pieces end where a colour, a link or a hit does, and have all that lies over them", () => {
  const red = { fg: 1 };
  const link = { start: 3, end: 7, path: "a.go", line: 1 };
  const got = pieces("0123456789", [{ start: 1, end: 5, style: red }], [link], [[4, 8]]);
  assert.deepEqual(got, [
    { text: "0" },
    { text: "12", style: red },
    { text: "3", style: red, link },
    { text: "4", style: red, link, hit: true },
    { text: "56", link, hit: true },
    { text: "7", hit: true },
    { text: "89" },
  ]);
});

test("of a very long line only the beginning is drawn", () => {
  const got = pieces("x".repeat(drawn + 5), [], [], [[drawn - 2, drawn + 3]]);
  assert.deepEqual(
    got.map((p) => p.text.length),
    [drawn - 2, 2],
  );
});

test("hits that share their context are one stretch; others stand apart", () => {
  const hit = (seq: number, before: number[], after: number[]): Hit => ({
    line: line(seq),
    ranges: [[0, 1]],
    before: before.map((s) => line(s)),
    after: after.map((s) => line(s)),
  });
  const { lines, context, apart } = flatten([hit(3, [1, 2], [4, 5]), hit(5, [3, 4], [6]), hit(20, [19], [21])]);
  assert.deepEqual(
    lines.map((l) => l.seq),
    [1, 2, 3, 4, 5, 6, 19, 20, 21],
  );
  assert.deepEqual(context, [1, 2, 4, 6, 19, 21]);
  assert.deepEqual(apart, [19]);
});

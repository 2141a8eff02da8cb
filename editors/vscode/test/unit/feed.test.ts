import assert from "node:assert/strict";
import { test } from "node:test";
import type { From, Kind, Page, ToHost, View } from "../../src/panel/messages";
import type { Line, LinesColumns } from "../../src/protocol";
import { Feed } from "../../src/webview/logs/feed";

const line = (seq: number): Line => ({
  seq,
  t: seq,
  process: "web",
  run: 1,
  stream: "stdout",
  level: "info",
  text: `line ${seq}`,
});

/** A log with the lines from 1 to last, asked as the host is; answers wait until they are let through if they are held. */
class Log {
  posted: ToHost[] = [];
  asked: string[] = [];
  held: (() => void)[] | undefined;
  moved = 0;
  readonly feed = new Feed(this as never, {
    changed: (by) => {
      this.moved += by;
    },
    failed: assert.fail,
  });

  constructor(public last: number) {}

  post(message: ToHost): void {
    this.posted.push(message);
  }

  async ask(kind: Kind, params: { view: View; from: From; limit: number }): Promise<unknown> {
    this.asked.push(kind === "page" ? JSON.stringify(params.from) : kind);
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    return kind === "extent" ? { total: this.last, first: 1, last: this.last } : this.page(params.from, params.limit);
  }

  private page(from: From, limit: number): Page {
    if ("after" in from) {
      const end = Math.min(from.after + limit, this.last);
      return { lines: this.lines(from.after + 1, end), more: end < this.last };
    }
    const end = "before" in from ? Math.min(from.before - 1, this.last) : this.last;
    const first = Math.max(end - limit + 1, 1);
    return { lines: this.lines(first, end), more: first > 1 };
  }

  private lines(first: number, last: number): Line[] {
    return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => line(first + i));
  }

  /** settle waits until nothing is asked any more. */
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  }

  at(index: number): number | undefined {
    return this.feed.stretch.row(index)?.at;
  }
}

const all: View = { filter: {} };

function batch(first: number, count: number): LinesColumns {
  return {
    subscription: "1",
    batch: 1,
    next: "",
    first,
    t0: 0,
    dt: Array(count).fill(0),
    runs: [[count, "web", 1, "stdout", "info"]],
    text: Array(count).fill("x"),
  };
}

test("the end of a long log is loaded with a page, and followed from there", async () => {
  const log = new Log(1_000_000);
  await log.feed.toEnd(all);
  assert.equal(log.at(999_999), 1_000_000);
  assert.equal(log.at(0), undefined);
  assert.deepEqual(log.posted, [{ type: "follow", following: 1, view: all, after: 1_000_000 }]);
});

test("a place far away is loaded around, and its neighbours when they are needed", async () => {
  const log = new Log(1_000_000);
  await log.feed.toEnd(all);
  log.feed.letGo();
  log.feed.need(500_000, 500_040);
  await log.settle();
  assert.equal(log.at(500_000), 500_001);
  const { base, end } = log.feed.stretch;
  log.feed.need(end - 50, end - 10);
  await log.settle();
  log.feed.need(base + 10, base + 50);
  await log.settle();
  assert.equal(log.feed.stretch.end, end + 400);
  assert.equal(log.feed.stretch.base, base - 400);
});

test("batches become rows at the next frame, and their credit is told once they are drawn", async () => {
  const log = new Log(100);
  await log.feed.toEnd(all);
  log.feed.take(1, [batch(101, 2), batch(103, 1)], false);
  assert.equal(log.at(102), undefined);
  assert.equal(log.feed.flush(), 2);
  assert.equal(log.at(102), 103);
  log.feed.drawn(2);
  assert.deepEqual(log.posted.at(-1), { type: "drawn", following: 1, batches: 2 });
});

test("batches of an earlier following, or after it was let go, are nobody's", async () => {
  const log = new Log(100);
  await log.feed.toEnd(all);
  log.feed.take(7, [batch(101, 1)], false);
  assert.equal(log.feed.flush(), 0);
  log.feed.letGo();
  log.feed.take(1, [batch(101, 1)], false);
  assert.equal(log.feed.flush(), 0);
});

test("after a skip the list goes on at the end, and what was left out can be paged to", async () => {
  const log = new Log(100);
  await log.feed.toEnd(all);
  log.last = 9_000;
  log.feed.take(1, [batch(8_801, 200)], true);
  log.feed.flush();
  await log.feed.look(5_000);
  assert.equal(log.at(8_999), 9_000);
  assert.equal(log.feed.stretch.atStart, false);
  log.feed.need(8_820, 8_860);
  await log.settle();
  assert.equal(log.at(8_500), 8_501);
});

test("an answer that comes after something else was asked for changes nothing", async () => {
  const log = new Log(1_000_000);
  await log.feed.toEnd(all);
  log.held = [];
  const far = log.feed.toLine(all, 10_000); // its answers are under way
  log.feed.stay();
  const held = log.held;
  log.held = undefined;
  for (const let_ of held) let_();
  await far;
  assert.equal(log.at(999_999), 1_000_000);
});

test("a list that was let go hears how many lines have come", async () => {
  const log = new Log(100);
  await log.feed.toEnd(all);
  log.feed.letGo();
  await log.feed.look(1_000);
  log.last = 150;
  await log.feed.look(3_000);
  assert.equal(log.feed.behind, 50);
  assert.equal(log.feed.stretch.total, 150);
  assert.equal(log.feed.resume(), false, "the end is no longer loaded");
  log.feed.need(60, 99);
  await log.settle();
  assert.equal(log.feed.resume(), true);
  assert.deepEqual(log.posted.at(-1), { type: "follow", following: 2, view: all, after: 150 });
});

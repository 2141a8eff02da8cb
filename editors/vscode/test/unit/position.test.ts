import assert from "node:assert/strict";
import { test } from "node:test";
import { highest, Position } from "../../src/webview/logs/position";

function position(total: number): Position {
  const p = new Position();
  p.viewHeight = 400;
  p.total = total;
  return p;
}

test("a list that fits is scrolled pixel by pixel", () => {
  const p = position(1000);
  assert.equal(p.height, 20_000);
  p.scrolled(110);
  assert.equal(p.top, 5.5);
  assert.equal(p.place(980), 19_600);
  assert.ok(p.atBottom);
});

test("a list of ten millions is no higher than a browser can, and reaches both ends", () => {
  const p = position(10_000_000);
  assert.equal(p.height, highest);
  p.scrolled(highest - 400);
  assert.equal(p.top, p.lastTop);
  p.scrolled(0);
  assert.equal(p.top, 0);
});

test("a short way in a scaled list is as long as in any other, a long one points", () => {
  const p = position(10_000_000);
  p.place(5_000_000);
  p.scrolled(p.px + 100);
  assert.ok(Math.abs(p.top - 5_000_005) < 0.001);
  p.scrolled(p.px - 40);
  assert.ok(Math.abs(p.top - 5_000_003) < 0.001);
  p.scrolled(highest / 4);
  assert.ok(Math.abs(p.top - 2_500_000) < 200);
});

test("what place says is what scrolled takes as the same place", () => {
  for (const total of [100, 1_000_000, 50_000_000]) {
    const p = position(total);
    for (const share of [0, 0.3, 0.99, 1]) {
      const top = share * p.lastTop;
      p.scrolled(p.place(top));
      assert.ok(Math.abs(p.top - top) <= total / 1_000_000 + 1, `${total} at ${share}`);
    }
  }
});

test("reveal moves no more than it has to", () => {
  const p = position(1000);
  p.place(100);
  p.reveal(105, false);
  assert.equal(p.top, 100);
  p.reveal(95, false);
  assert.equal(p.top, 95);
  p.reveal(200, false);
  assert.equal(p.top, 181);
  p.reveal(500, true);
  assert.equal(p.top, 490);
});

test("a list shorter than the view stays at its top", () => {
  const p = position(3);
  assert.equal(p.place(3), 0);
  assert.ok(p.atBottom);
});

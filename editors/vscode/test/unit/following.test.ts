import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine, Follower, Lines } from "../../src/engine";
import { Following } from "../../src/panel/following";
import type { LinesColumns, LogsSubscribeParams } from "../../src/protocol";

/** An engine with one subscription at a time, and what a page was sent. */
function follow(clock: { now: number }) {
  const subscribed: LogsSubscribeParams[] = [];
  const sent: { batches: number[]; skipped: boolean }[] = [];
  let follower: Follower<Lines> | undefined;
  let disposed = 0;
  const engine: Pick<Engine, "followLogs"> = {
    followLogs(params, f) {
      subscribed.push(params);
      follower = f;
      return { dispose: () => disposed++ } as never;
    },
  };
  const send = (batches: LinesColumns[], skipped: boolean) =>
    void sent.push({ batches: batches.map((b) => b.batch), skipped });
  const following = new Following(engine, { filter: {} }, "e:0", send, () => clock.now);
  const take = (batch: number, t: number) => follower?.batch(columns(batch, t)) as Promise<void>;
  return { following, subscribed, sent, take, disposed: () => disposed };
}

function columns(batch: number, t: number): LinesColumns {
  const runs: LinesColumns["runs"] = [[1, "web", 1, "stdout", "info"]];
  return { subscription: "1", batch, next: "e:1", first: batch, t0: t, dt: [0], runs, text: ["x"] };
}

/** Whether a promise has been kept, by the end of what is under way. */
async function kept(promise: Promise<void>): Promise<boolean> {
  const open = Symbol();
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}

const messages = async (sent: unknown[], n: number) => {
  while (sent.length < n) await new Promise((resolve) => setTimeout(resolve, 1));
};

test("a batch's credit goes back once the page has drawn it", async () => {
  const f = follow({ now: 1000 });
  const first = f.take(1, 1000);
  const second = f.take(2, 1000);
  await messages(f.sent, 1);
  assert.deepEqual(f.sent, [{ batches: [1, 2], skipped: false }]);
  assert.equal(await kept(first), false);
  f.following.drawn(1);
  assert.deepEqual([await kept(first), await kept(second)], [true, false]);
  f.following.dispose();
});

test("a page that is slow and behind goes on at the end", async () => {
  const clock = { now: 1000 };
  const f = follow(clock);
  for (let batch = 1; batch < 6; batch++) void f.take(batch, 1000);
  await messages(f.sent, 1);
  clock.now = 3000; // nothing was drawn meanwhile, and the next line is two seconds old
  void f.take(6, 1000);
  assert.deepEqual(
    f.subscribed.map((s) => s.since),
    ["e:0", { tail: 250 }],
  );
  assert.equal(f.disposed(), 1);
  void f.take(1, 3000);
  await messages(f.sent, 2);
  assert.deepEqual(f.sent[1], { batches: [1], skipped: true });
  f.following.dispose();
});

test("old lines are no reason to skip while there is credit, nor is slowness with new ones", () => {
  const f = follow({ now: 100_000 });
  for (let batch = 1; batch < 6; batch++) void f.take(batch, 5);
  assert.equal(f.subscribed.length, 1);
  void f.take(6, 100_000);
  assert.equal(f.subscribed.length, 1);
  f.following.dispose();
});

test("the end gives back all credit", async () => {
  const f = follow({ now: 0 });
  const batch = f.take(1, 0);
  f.following.dispose();
  assert.equal(await kept(batch), true);
  assert.equal(f.disposed(), 1);
});

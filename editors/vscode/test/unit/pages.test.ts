import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../../src/engine";
import type { TestCase, TestsListParams } from "../../src/protocol";
import { everyTest } from "../../src/testing/pages";

// keeping is an engine that keeps n tests, and notes what it is asked for.
function keeping(n: number, asked: TestsListParams[] = []): Pick<Engine, "request"> {
  const all = Array.from({ length: n }, (_, i) => ({ id: `t${i}` }) as TestCase);
  const request = async (_method: string, params: TestsListParams) => {
    asked.push(params);
    const from = Number(params.after ?? 0);
    const cases = all.slice(from, from + (params.limit ?? 200));
    const next = from + cases.length;
    return { summary: {}, cases, revision: 7 + asked.length, next: String(next), more: next < n };
  };
  return { request } as unknown as Pick<Engine, "request">;
}

test("more tests than a page has are all there once, as of the first page", async () => {
  const asked: TestsListParams[] = [];
  const { cases, revision, more } = await everyTest(keeping(2500, asked), { process: "web" });
  assert.equal(new Set(cases.map(({ id }) => id)).size, 2500);
  assert.deepEqual([cases.length, revision, more], [2500, 8, false]);
  assert.deepEqual(
    asked.map(({ process, after }) => [process, after]),
    [
      ["web", undefined],
      ["web", "1000"],
      ["web", "2000"],
    ],
  );
});

test("no tests are one question", async () => {
  const asked: TestsListParams[] = [];
  assert.deepEqual((await everyTest(keeping(0, asked), {})).cases, []);
  assert.equal(asked.length, 1);
});

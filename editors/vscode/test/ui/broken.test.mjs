// A bundle that is broken on purpose makes the tests on screen fail: what they say
// of one that is whole counts only because of this.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";

const journey = path.join(import.meta.dirname, "journey.test.mjs");
const first = "a process is started from the tree";

function outcome(broken) {
  const env = { ...process.env, BRUMMER_RPC_PATIENCE: "10000", BRUMMER_RPC_SCREENSHOTS: "" };
  delete env.NODE_TEST_CONTEXT; // or its results would be told to our runner
  if (broken) env.BRUMMER_RPC_BREAK = JSON.stringify(broken);
  return spawnSync(process.execPath, ["--test", "--test-name-pattern", first, journey], { env, encoding: "utf8" });
}

test("a bundle that asks for another method than process/start fails", () => {
  const { status, stdout } = outcome({ from: '"process/start"', to: '"process/begin"' });
  assert.equal(status, 1, stdout);
  assert.match(stdout, /not ok \d+ - a process is started from the tree/);
});

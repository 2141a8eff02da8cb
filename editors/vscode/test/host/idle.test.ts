// What holds before anything was asked of the extension; these tests come first.
import assert from "node:assert/strict";
import { engine } from "./brummer";
import { test } from "./runner";

test("the engine is asked for only when something needs it", async () => {
  assert.equal((await engine()).state.kind, "idle");
});

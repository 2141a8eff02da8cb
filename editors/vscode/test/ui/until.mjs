// How the tests on screen wait for what no event tells them of: as long as
// BRUMMER_RPC_PATIENCE says, in milliseconds.
import { until as poll } from "../harness/until.mjs";

export const patience = Number(process.env.BRUMMER_RPC_PATIENCE ?? 30_000);

// until asks again and again, until the answer is true, and gives that.
export function until(what, ask, within = patience) {
  return poll(what, within, ask);
}

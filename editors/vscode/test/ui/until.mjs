// until: how the tests on screen wait for what no event tells them of.

export const patience = Number(process.env.BRUMMER_RPC_PATIENCE ?? 30_000);

// until asks again and again, until the answer is true.
export async function until(what, ask, within = patience) {
  for (const end = Date.now() + within; ; ) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`it never comes: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

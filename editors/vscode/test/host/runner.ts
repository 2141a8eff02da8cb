// A test runner for the extension host: tests run one after the other, and each
// result is a line of JSON in the file that BRUMMER_TEST_RESULTS names.
import { appendFileSync } from "node:fs";

type Test = { name: string; run: () => Promise<void> | void; always: boolean };

const tests: Test[] = [];
const limitMs = 180_000;

/** Registers a test; it runs after those registered before it. */
export function test(name: string, run: Test["run"]): void {
  tests.push({ name, run, always: false });
}

/** Registers a test that others build on: it runs whatever is chosen. */
export function foundation(name: string, run: Test["run"]): void {
  tests.push({ name, run, always: true });
}

/** Prints a line with the results, for figures. */
export function note(text: string): void {
  say({ note: text });
}

/** Has the harness do what only a person at the window can: see asks in host.mjs. */
export function ask(what: "trust"): void {
  say({ ask: what });
}

/** Polls check until it gives something true, and gives that. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  ms = 60_000,
): Promise<Exclude<T, undefined | null | false | 0 | "">> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value) return value as Exclude<T, undefined | null | false | 0 | "">;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs what was registered; rejects if a test has failed. */
export async function runAll(): Promise<void> {
  const only = process.env.BRUMMER_TEST_ONLY ?? "";
  const chosen = tests.filter(({ name, always }) => always || name.includes(only));
  let failed = 0;
  for (const { name, run } of chosen) {
    const start = Date.now();
    const error = await outcome(run);
    if (error) failed++;
    say({ name, ms: Date.now() - start, error });
  }
  say({ done: true, total: chosen.length, failed });
  if (failed > 0) throw new Error(`${failed} tests failed`);
}

/** The failure of a test, or undefined. */
async function outcome(run: Test["run"]): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([Promise.resolve().then(run), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

function say(result: object): void {
  appendFileSync(process.env.BRUMMER_TEST_RESULTS ?? "", `${JSON.stringify(result)}\n`);
}

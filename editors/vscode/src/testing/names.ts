// What the name of a test says: the suites that it is in, as its runner writes
// them. It knows no editor.
import type { Script, TestCase } from "../protocol";

/** How runners put the names of suites and test together. */
const separators: Record<string, string> = {
  gotest: "/",
  jest: " › ",
  vitest: " > ",
  pytest: "::",
  cargo: "::",
};

/**
 * The path of a test, from the outermost suite to the test itself. unittest writes
 * "test (module.Class.test)", which reads the other way round.
 */
export function pathOf(test: Pick<TestCase, "name" | "framework">): string[] {
  const unittest = /^(\w+) \(([\w.]+)\)$/.exec(test.name);
  if (unittest?.[1] && unittest[2]) {
    const suites = unittest[2].split(".");
    if (suites.at(-1) === unittest[1]) suites.pop();
    return [suites.join("."), unittest[1]];
  }
  const separator = separators[test.framework ?? ""];
  const parts = separator ? test.name.split(separator).filter((part) => part !== "") : [];
  return parts.length > 0 ? parts : [test.name];
}

/** The file that a test's name has, as pytest's does: relative to where it was run. */
export function fileOf(test: Pick<TestCase, "name" | "framework">): string | undefined {
  return test.framework === "pytest" ? test.name.split("::", 1)[0] : undefined;
}

/** Whether a script is there to run tests: test, test:unit, unit-tests. */
export function runsTests(script: Pick<Script, "name">): boolean {
  return /(^|[^a-z])tests?([^a-z]|$)/i.test(script.name);
}

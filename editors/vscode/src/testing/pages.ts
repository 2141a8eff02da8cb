// Every test that the engine keeps, page by page: one answer has room for a
// thousand, and a workspace may have ten times as many.
import type { Engine } from "../engine";
import type { TestList, TestsListParams } from "../protocol";

/** The list that params asks for, whole; its revision is the first page's. */
export async function everyTest(engine: Pick<Engine, "request">, params: TestsListParams): Promise<TestList> {
  const first = await engine.request("tests/list", { ...params, limit: 1000 });
  const cases = [...first.cases];
  for (let page = first; page.more; ) {
    page = await engine.request("tests/list", { ...params, limit: 1000, after: page.next });
    cases.push(...page.cases);
  }
  return { ...first, cases, more: false };
}

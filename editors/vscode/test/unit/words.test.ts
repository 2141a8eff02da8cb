// What needs no editor: names of tests, filters of requests, and the words for
// requests, pages and crashes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crashText, enumerate, lasts } from "../../src/notices/words";
import { placeOf, summaryOf } from "../../src/pages/words";
import type { PageEvent, Process, Request, RequestDetail } from "../../src/protocol";
import { parseFilter } from "../../src/requests/filter";
import { describe, outcomeOf, summary } from "../../src/requests/words";
import { fileOf, pathOf, runsTests } from "../../src/testing/names";

test("the name of a test has its suites, as each runner writes them", () => {
  const path = (framework: string, name: string) => pathOf({ framework, name });
  assert.deepEqual(path("gotest", "TestOf/several/deep"), ["TestOf", "several", "deep"]);
  assert.deepEqual(path("vitest", "dedupe > removes doubles"), ["dedupe", "removes doubles"]);
  assert.deepEqual(path("pytest", "tests/test_a.py::TestX::test_y"), ["tests/test_a.py", "TestX", "test_y"]);
  assert.deepEqual(path("cargo", "tests::inside"), ["tests", "inside"]);
  assert.deepEqual(path("unittest", "test_boom (test_unit.TestMath.test_boom)"), ["test_unit.TestMath", "test_boom"]);
  assert.deepEqual(path("node", "a/b > c"), ["a/b > c"], "node writes names as they are");
  assert.deepEqual(path("gotest", "/"), ["/"], "a name is never nothing");
  assert.equal(fileOf({ framework: "pytest", name: "tests/test_a.py::test_y" }), "tests/test_a.py");
  assert.equal(fileOf({ framework: "gotest", name: "TestOf" }), undefined);
});

test("scripts that run tests are known by their name", () => {
  for (const name of ["test", "test:unit", "unit-tests", "Test"]) assert(runsTests({ name }), name);
  for (const name of ["latest", "contest", "testing", "attestation"]) assert(!runsTests({ name }), name);
});

test("a filter of requests is read in any order", () => {
  assert.deepEqual(parseFilter("  "), {});
  assert.deepEqual(parseFilter("/api @web post type:json >2s 5xx failed"), {
    path: "/api",
    process: "web",
    method: "POST",
    minMs: 2000,
    status: "5xx",
    type: "json",
    failed: true,
  });
  assert.deepEqual(parseFilter("400-499 >15"), { status: "400-499", minMs: 15 });
  assert.deepEqual(parseFilter("600"), { path: "600" }, "no status: a part of the path");
});

const request: Request = {
  id: "r1",
  proxy: "web",
  process: "web",
  method: "POST",
  url: "/checkout?n=2",
  host: "localhost:3000",
  t: 0,
  status: 500,
  pending: false,
  timings: { ttfb: 80, total: 84.4, reused: true },
  sent: 2,
  received: 1234,
  injected: false,
};

test("a request says how it stands", () => {
  assert.equal(summary(request), "500 · 84 ms · 1.2 kB");
  assert.equal(outcomeOf(request), "failed");
  assert.equal(outcomeOf({ ...request, status: 404 }), "refused");
  assert.equal(outcomeOf({ ...request, pending: true, status: undefined }), "pending");
  const socket = { ...request, pending: true, status: 101, upgrade: "websocket" };
  assert.equal(outcomeOf(socket), "open");
  assert.match(summary(socket), /^websocket/);
  const broken: Request = { ...request, status: undefined, failure: { stage: "dial", text: "connection refused" } };
  assert.match(summary(broken), /^dial failed/);
});

test("a request's document has headers, bodies and what happened meanwhile", () => {
  const detail: RequestDetail = {
    request,
    protocol: "HTTP/1.1",
    requestHeader: [{ name: "Authorization", value: "***" }],
    responseHeader: [{ name: "Content-Type", value: "application/json" }],
    requestBody: { size: 4, text: "AAAA", base64: true, truncated: false },
    responseBody: { size: 13, text: '{"a":[1,"b"]}', base64: false, truncated: false },
  };
  const line = { seq: 1, t: 0, process: "web", run: 1, stream: "stderr", level: "error", text: "boom" } as const;
  const text = describe(detail, [
    { t: 0, by: "asked", request },
    { t: 0, by: "process", line },
  ]);
  assert.match(text, /^POST \/checkout\?n=2\n/);
  assert.match(text, /Authorization: \*\*\*/);
  assert.match(text, /\(4 B that are no text\)/);
  assert.match(text, /\{\n {2}"a": \[\n {4}1,\n/, "JSON is indented");
  assert.match(text, /Meanwhile\n─+\n00:00:00\.000 {2}web \| boom\n$/);
});

test("a page says its errors and its slowest paint", () => {
  const page = { id: "p", proxy: "web", url: "/", started: 0, last: 0, dropped: 0 };
  assert.equal(
    summaryOf({ ...page, counts: { error: 1, csp: 1 }, vitals: { LCP: 1234, CLS: 0.1 } }),
    "2 errors · LCP 1.2 s · CLS 0.10",
  );
  assert.equal(summaryOf({ ...page, counts: {}, vitals: {} }), "");
  const event: PageEvent = { seq: 1, session: "p", proxy: "web", kind: "error", t: 0, page: "/" };
  const frames = [
    { url: "http://x/lib.js", line: 1, column: 1 },
    { url: "http://x/a.js", file: "/w/a.ts", line: 7, column: 3 },
  ];
  assert.deepEqual(placeOf({ ...event, frames }), { file: "/w/a.ts", line: 7, column: 3 });
  assert.equal(placeOf(event), undefined);
});

test("a crash is told in one sentence, many in one message", () => {
  const process = { id: "web", urls: [], ready: true } as unknown as Process;
  assert(!lasts(process), "a build is ready at once, and ends");
  assert(lasts({ ...process, urls: ["http://localhost:3000"] }));
  assert(lasts({ ...process, readyAt: 5 }));
  assert.equal(
    crashText([{ ...process, exitCode: 3, reason: "port 80 is taken" }]),
    "web has ended with exit code 3. Port 80 is taken.",
  );
  assert.equal(crashText([{ ...process, signal: "SIGSEGV" }]), "web has been ended by SIGSEGV.");
  assert.match(crashText(["a", "b", "c", "d", "e"].map((id) => ({ ...process, id }))), /^a, b, c and 2 more have/);
  assert.equal(enumerate(["a", "b"]), "a and b");
});

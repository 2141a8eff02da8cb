import assert from "node:assert/strict";
import { test } from "node:test";
import { links } from "../../src/webview/logs/links";

/** What a line leads to, each with the text that is the link. */
function found(text: string): string[] {
  return links(text).map((l) => {
    const shown = text.slice(l.start, l.end);
    if ("url" in l) return `${shown} -> ${l.url}`;
    return `${shown} -> ${l.path} ${l.line}${l.column === undefined ? "" : `:${l.column}`}`;
  });
}

const cases: [what: string, line: string, ...links: string[]][] = [
  ["go", "main.go:12:3: undefined: foo", "main.go:12:3 -> main.go 12:3"],
  ["tsc", "src/a.ts(10,5): error TS2304", "src/a.ts(10,5) -> src/a.ts 10:5"],
  ["a stack of node", "    at f (/srv/app/b.js:3:9)", "/srv/app/b.js:3:9 -> /srv/app/b.js 3:9"],
  ["rust", "  --> src/main.rs:4:5", "src/main.rs:4:5 -> src/main.rs 4:5"],
  ["python", '  File "app/x y.py", line 7, in f', 'app/x y.py", line 7 -> app/x y.py 7'],
  ["windows", "C:\\src\\a.cs(3,1): error", "C:\\src\\a.cs(3,1) -> C:\\src\\a.cs 3:1"],
  [
    "a route of Next",
    "./app/(shop)/[id]/page.tsx:8:2",
    "./app/(shop)/[id]/page.tsx:8:2 -> ./app/(shop)/[id]/page.tsx 8:2",
  ],
  ["a Makefile", "sub/Makefile:12: *** missing separator", "sub/Makefile:12 -> sub/Makefile 12"],
  ["in quotes", '"lib/a.rb:5"', "lib/a.rb:5 -> lib/a.rb 5"],
  ["two", "a.go:1 b.go:2", "a.go:1 -> a.go 1", "b.go:2 -> b.go 2"],
  ["a URL", "see http://localhost:3000/x?a=1#b.", "http://localhost:3000/x?a=1#b -> http://localhost:3000/x?a=1#b"],
  ["a URL in brackets", "(https://a.b/c_(d))", "https://a.b/c_(d) -> https://a.b/c_(d)"],
  ["a URL with a file in it", "http://h:80/src/a.ts:4:2 x", "http://h:80/src/a.ts:4:2 -> http://h:80/src/a.ts:4:2"],
  ["a time", "12:30:45 up"],
  ["a port", "localhost:3000 127.0.0.1:80"],
  ["a ratio", "1/2:3 and :4"],
  ["nothing", "all is well"],
];

for (const [what, line, ...want] of cases) test(`links: ${what}`, () => assert.deepEqual(found(line), want));

test("a path is walked back over no more than so much", () => {
  const [link] = links(`${"long/".repeat(1000)}a.go:1`);
  assert.ok(link && link.end - link.start <= 402);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { css, parse, trueColour } from "../../src/webview/logs/ansi";

const esc = "\u001b[";

test("a line without escapes is its own text", () => {
  assert.deepEqual(parse("plain [31m text"), { text: "plain [31m text", spans: [] });
});

test("every attribute begins and ends where its escape stands", () => {
  const on: [string, object][] = [
    ["1", { bold: true }],
    ["2", { dim: true }],
    ["3", { italic: true }],
    ["4", { underline: true }],
    ["7", { inverse: true }],
    ["9", { strike: true }],
    ["31", { fg: 1 }],
    ["97", { fg: 15 }],
    ["42", { bg: 2 }],
    ["103", { bg: 11 }],
    ["38;5;208", { fg: 208 }],
    ["48;5;17", { bg: 17 }],
    ["38;2;1;2;255", { fg: trueColour + 0x0102ff }],
    ["48:2:1:2:3", { bg: trueColour + 0x010203 }],
    ["1;38;5;9;4", { bold: true, fg: 9, underline: true }],
  ];
  for (const [codes, style] of on) {
    const { text, spans } = parse(`a${esc}${codes}mbc${esc}0md`);
    assert.equal(text, "abcd");
    assert.deepEqual(spans, [{ start: 1, end: 3, style }], codes);
  }
});

test("an attribute is taken back by its own code, and the others stay", () => {
  const { spans } = parse(`${esc}1;3;31;44mx${esc}22my${esc}39mz${esc}23;49mw`);
  assert.deepEqual(
    spans.map((s) => s.style),
    [
      { bold: true, italic: true, fg: 1, bg: 4 },
      { italic: true, fg: 1, bg: 4 },
      { italic: true, bg: 4 },
    ],
  );
});

test("an escape without parameters takes back all; an unknown code nothing", () => {
  assert.deepEqual(parse(`${esc}31ma${esc}mb`).spans, [{ start: 0, end: 1, style: { fg: 1 } }]);
  assert.deepEqual(parse(`${esc}31m${esc}66ma`).spans, [{ start: 0, end: 1, style: { fg: 1 } }]);
});

test("the first sixteen colours are the theme's, the others xterm's", () => {
  assert.equal(css(1), "var(--vscode-terminal-ansiRed)");
  assert.equal(css(12), "var(--vscode-terminal-ansiBrightBlue)");
  assert.equal(css(16), "rgb(0, 0, 0)");
  assert.equal(css(208), "rgb(255, 135, 0)");
  assert.equal(css(231), "rgb(255, 255, 255)");
  assert.equal(css(232), "rgb(8, 8, 8)");
  assert.equal(css(255), "rgb(238, 238, 238)");
  assert.equal(css(trueColour + 0x0102ff), "#0102ff");
});

// Where in a TOML file a position is: below which keys, and whether a key or a value
// is wanted there. It reads only as much TOML as that takes, and guesses nothing in
// lines that go on from the line before. Pure functions.

export interface Place {
  /** the keys that it is below: of the table, of the line, of inline tables */
  path: string[];
  /** what stands there: the name of a table, a key, or the value of path */
  wants: "table" | "key" | "value";
}

const part = `(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')`;
const dotted = `${part}(?:\\s*\\.\\s*${part})*`;
const header = new RegExp(`^\\s*\\[\\[?\\s*(${dotted})\\s*\\]\\]?`);
const assignment = new RegExp(`^\\s*(${dotted})\\s*=\\s*(.*)$`);

/** Splits a dotted key. */
export function split(key: string): string[] {
  return [...key.matchAll(new RegExp(part, "g"))].map(([name]) => name.replace(/^["']|["']$/g, ""));
}

/** The place at the end of before, the text of a line up to the position; lines are those before it. */
export function placeOf(lines: readonly string[], before: string): Place {
  const opening = /^\s*\[\[?\s*([^\]]*)$/.exec(before);
  if (opening) return { path: whole(opening[1] ?? ""), wants: "table" };
  const table = tableOf(lines);
  const set = assignment.exec(before);
  if (!set) return { path: [...table, ...whole(before)], wants: "key" };
  return inline([...table, ...split(set[1] ?? "")], set[2] ?? "");
}

function tableOf(lines: readonly string[]): string[] {
  for (let i = lines.length - 1; i >= 0; i--) {
    const found = header.exec(lines[i] ?? "");
    if (found) return split(found[1] ?? "");
  }
  return [];
}

/** The parts of a dotted key that are complete: those before its last dot. */
function whole(key: string): string[] {
  return split(key.slice(0, key.lastIndexOf(".") + 1));
}

/** Follows the braces of inline tables into the text of a value. */
function inline(path: string[], text: string): Place {
  const open = innermost(text);
  if (open === undefined) return { path, wants: "value" };
  const rest = text.slice(open + 1);
  const outer = keyBefore(text.slice(0, open));
  const below = outer ? [...path, ...outer] : path;
  const set = assignment.exec(rest.slice(lastComma(rest) + 1));
  return set ? { path: [...below, ...split(set[1] ?? "")], wants: "value" } : { path: below, wants: "key" };
}

/** The key whose value begins at the end of text, within an inline table. */
function keyBefore(text: string): string[] | undefined {
  const found = new RegExp(`[{,]\\s*(${dotted})\\s*=\\s*$`).exec(text);
  return found ? split(found[1] ?? "") : undefined;
}

/** Index of the last brace that is not closed. */
function innermost(text: string): number | undefined {
  const open: number[] = [];
  for (const [i, char] of unquoted(text)) {
    if (char === "{") open.push(i);
    if (char === "}") open.pop();
  }
  return open.at(-1);
}

function lastComma(text: string): number {
  return unquoted(text).findLast(([, char]) => char === ",")?.[0] ?? -1;
}

/** The characters outside of strings, with their indices. */
function unquoted(text: string): [number, string][] {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"?|'[^']*'?/g, (s) => " ".repeat(s.length));
  return [...bare].map((char, i) => [i, char]);
}

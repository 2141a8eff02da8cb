// Places and addresses that a line names: file:line:column as compilers, test
// runners and stack traces write it, and http(s) URLs. Whether a file is there is
// not known here.

/** A stretch of text that leads to an address. */
export interface UrlLink {
  start: number;
  end: number;
  url: string;
}

/** A stretch of text that leads to a file; line and column count from 1. */
export interface FileLink {
  start: number;
  end: number;
  path: string;
  line: number;
  column?: number;
}

export type Link = UrlLink | FileLink;

const address = /\bhttps?:\/\/[^\s"'<>`\\]+/g;
const python = /\bFile "([^"]+)", line (\d+)/g;
const position = /:(\d{1,7})(?::(\d{1,5}))?|\((\d{1,7})(?:, ?(\d{1,5}))?\)/g;
const pathChar = /[\w.@~+$%\-/\\[\]()]/;

/** A path may have so many characters: what is walked back from a position is bounded. */
const longest = 400;

/** links finds the links of a line, in the order in which they stand. */
export function links(text: string): Link[] {
  const found: Link[] = [];
  for (const m of text.matchAll(address)) {
    const url = trimmed(m[0]);
    found.push({ start: m.index, end: m.index + url.length, url });
  }
  for (const m of text.matchAll(python)) {
    found.push({ start: m.index + 'File "'.length, end: m.index + m[0].length, path: m[1]!, line: Number(m[2]) });
  }
  for (const m of text.matchAll(position)) {
    const file = fileBefore(text, m);
    if (file && !found.some((l) => l.start < file.end && file.start < l.end)) found.push(file);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** trimmed leaves out what ends a sentence, or was opened before the address. */
function trimmed(url: string): string {
  for (;;) {
    const last = url.at(-1)!;
    if (!".,;:!?*".includes(last) && !unopened(url, last)) return url;
    url = url.slice(0, -1);
  }
}

const pairs: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

function unopened(url: string, bracket: string): boolean {
  const open = pairs[bracket];
  return open !== undefined && url.split(open).length < url.split(bracket).length;
}

/**
 * fileBefore walks back from a position to the path before it. Looking for the
 * path first would go over a long line once per character.
 */
function fileBefore(text: string, m: RegExpExecArray): Link | undefined {
  let start = m.index;
  while (start > 0 && m.index - start < longest && pathChar.test(text[start - 1]!)) start--;
  if (
    text[start - 1] === ":" &&
    /[A-Za-z]/.test(text[start - 2] ?? "") &&
    /[\\/]/.test(text[start]!) &&
    !/\w/.test(text[start - 3] ?? "")
  ) {
    start -= 2; // C:\
  }
  while (start < m.index && opens(text.slice(start, m.index))) start++;
  const path = text.slice(start, m.index);
  if (!isPath(path)) return undefined;
  const column = m[2] ?? m[4];
  return {
    start,
    end: m.index + m[0].length,
    path,
    line: Number(m[1] ?? m[3]),
    ...(column === undefined ? {} : { column: Number(column) }),
  };
}

/** opens reports whether a bracket before a path is not its own: "(src/a.ts". */
function opens(path: string): boolean {
  return (
    (path[0] === "(" && !path.includes(")")) ||
    (path[0] === "[" && !path.includes("]")) ||
    path[0] === ")" ||
    path[0] === "]"
  );
}

/** isPath tells a path from a time, a port or a word. */
function isPath(path: string): boolean {
  return (
    /[A-Za-z]/.test(path) && (/\.[A-Za-z]\w*$/.test(path) || /[\\/][\w.-]+$/.test(path)) && !/^[\\/]{2}/.test(path)
  );
}

// What a log panel's page and its host in the extension say to each other: types
// only. The page names lines by their numbers and never sees a cursor, a path of
// this machine or the engine.
import type { Filter, Gap, Line, LinesColumns } from "../protocol";

/** What a search looks for. */
export interface Query {
  text: string;
  regexp: boolean;
  wholeWord: boolean;
  /** absent: if the text has a capital letter */
  caseSensitive?: boolean;
}

/** Which lines a list shows: those of a filter, or of them only those that match and so many around each. */
export interface View {
  filter: Filter;
  matches?: Query & { context: number };
}

/** Where a page of lines begins: behind or before the line of that number, or at the log's end. */
export type From = { after: number } | { before: number } | { tail: true };

/** Lines in ascending order. */
export interface Page {
  lines: Line[];
  /** there are more in the direction asked for */
  more: boolean;
  /** what was lost before the first line */
  gap?: Gap;
  /** of a view of matches: the numbers of the lines that are only context, and of those that don't follow the line above */
  context?: number[];
  apart?: number[];
}

/** How much a view has. */
export interface Extent {
  /** lines; of a view of matches those that match */
  total: number;
  /** numbers of the first and the last line; 0 if there is none */
  first: number;
  last: number;
}

/** A line that a search has found, and how many there are. */
export interface Found {
  hit?: Line;
  total: number;
}

/** Where the hits are in a line: its number, and starts and ends in UTF-16 units of its plain text. */
export type Mark = [seq: number, ranges: [number, number][]];

/** A place that a line names. */
export interface Place {
  process: string;
  seq: number;
  path: string;
  /** from 1 */
  line: number;
  /** from 1 */
  column?: number;
}

/** What the page asks the host, by kind. */
export interface Questions {
  page: { params: { view: View; from: From; limit: number }; result: Page };
  extent: { params: { view: View }; result: Extent };
  /** the next line with a hit behind a number, or before it; without from the last */
  find: { params: { query: Query; filter: Filter; from?: number; backwards: boolean; count: boolean }; result: Found };
  marks: { params: { query: Query; filter: Filter; first: number; last: number }; result: Mark[] };
}

export type Kind = keyof Questions;

/** What is restored when a window is loaded again. */
export interface Kept {
  /** of the workspace folder, its URI; and of the engine whose lines these were */
  folder: string;
  epoch: string;
  filter: Filter;
  /** long lines are wrapped */
  wrap?: boolean;
  query?: Query;
  /** only matches are shown, with so many lines around each */
  context?: number;
  /** the first line in sight; absent if the list follows */
  top?: number;
}

/** From the page to its host. */
export type ToHost =
  | { type: "ready" }
  | { [K in Kind]: { type: "ask"; id: number; kind: K; params: Questions[K]["params"] } }[Kind]
  /** follow a view from behind a line on, under the number of this following */
  | { type: "follow"; following: number; view: View; after: number }
  | { type: "unfollow" }
  /** so many batches have been drawn */
  | { type: "drawn"; following: number; batches: number }
  | { type: "open"; place: Place }
  | { type: "browse"; url: string }
  /** the lines of a view from a number to another to the clipboard */
  | { type: "copy"; view: View; first: number; last: number; ansi: boolean }
  /** let the user choose; the answer is a filter message */
  | { type: "choose"; what: "processes" | "time"; filter: Filter }
  /** what the list is about, for the panel's title and the menus */
  | { type: "shows"; filter: Filter };

/** From the host to its page. */
export type ToPage =
  | { type: "answer"; id: number; result: Questions[Kind]["result"] }
  | { type: "failed"; id: number; message: string }
  /** batches of a following; with skipped the page is too far behind, and goes on with these, the newest */
  | { type: "lines"; following: number; batches: LinesColumns[]; skipped: boolean }
  /** the engine is there, perhaps another one than before, or it is not */
  | { type: "engine"; epoch: string | null; folder: string; reason: string }
  | { type: "filter"; filter: Filter }
  /** show this line, of this process */
  | { type: "reveal"; process: string; seq: number }
  /** a command of the menus and keys that the host has */
  | { type: "do"; what: "copy" | "copyAnsi" | "find" | "follow" | "clearFilter" | "wrap" }
  | { type: "notice"; text: string };

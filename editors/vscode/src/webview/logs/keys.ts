// What keys do in the list.

/** What a key, a menu or the host asks of the page. */
export type Command =
  | "up"
  | "down"
  | "pageUp"
  | "pageDown"
  | "home"
  | "end"
  | "find"
  | "next"
  | "previous"
  | "open"
  | "escape"
  | "follow"
  | "copy"
  | "copyAnsi"
  | "clearFilter"
  | "wrap";

const plain: Record<string, Command> = {
  ArrowUp: "up",
  ArrowDown: "down",
  PageUp: "pageUp",
  PageDown: "pageDown",
  Home: "home",
  End: "end",
  "/": "find",
  n: "next",
  N: "previous",
  Enter: "open",
  Escape: "escape",
  F3: "next",
  w: "wrap",
  y: "copy",
  Y: "copyAnsi",
};

/** keys gives the command of a key; other modifiers than Shift are the editor's. */
export function keys(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): Command | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.key === "F3" && event.shiftKey) return "previous";
  return plain[event.key];
}

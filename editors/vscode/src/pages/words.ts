// What pages tell of themselves, in the words of a list. It knows no editor.
import type { Page, PageEvent } from "../protocol";

const errors: readonly string[] = ["error", "rejection", "resource", "csp"];

export function isError(event: Pick<PageEvent, "kind">): boolean {
  return errors.includes(event.kind);
}

/** A page's errors and slowest paint, for its row. */
export function summaryOf(page: Page): string {
  const count = errors.reduce((sum, kind) => sum + (page.counts[kind] ?? 0), 0);
  const parts = [count === 0 ? "" : count === 1 ? "1 error" : `${count} errors`];
  for (const name of ["LCP", "INP", "CLS"]) {
    const value = page.vitals[name];
    if (value !== undefined) parts.push(vital(name, value));
  }
  return parts.filter((part) => part !== "").join(" · ");
}

/** LCP 1.2 s; CLS has no unit. */
export function vital(name: string, value: number): string {
  if (name === "CLS") return `CLS ${value.toFixed(2)}`;
  return `${name} ${value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`}`;
}

/** One event in a line. */
export function textOf(event: PageEvent): string {
  switch (event.kind) {
    case "vital":
      return vital(event.name ?? "", event.value ?? 0);
    case "resource":
      return `${event.tag ?? "resource"} could not be loaded: ${event.url}`;
    case "request":
      return `${event.status ?? "no answer"} ${event.url}`;
    case "load":
      return `loaded in ${Math.round(event.value ?? 0)} ms`;
    default:
      return event.message ?? event.url ?? event.page;
  }
}

/** Where it happened in the workspace: the innermost frame that has a file of it. Lines count from 1. */
export function placeOf(event: PageEvent): { file: string; line: number; column: number } | undefined {
  const frame = event.frames?.find(({ file }) => file !== undefined);
  return frame?.file === undefined ? undefined : { file: frame.file, line: frame.line, column: frame.column };
}

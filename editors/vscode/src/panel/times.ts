// Reads times of a day as people write them.
import type { Filter } from "../protocol";

const clock = String.raw`(\d{1,2}):(\d{2})(?::(\d{2}))?`;
const range = new RegExp(String.raw`^\s*(?:${clock})?\s*[-–]\s*(?:${clock})?\s*$`);

/** parseTimes reads "from – to" of the day that now is in. */
export function parseTimes(text: string, now: number): Pick<Filter, "sinceMs" | "untilMs"> | undefined {
  const m = range.exec(text);
  if (!m || (m[1] === undefined && m[4] === undefined)) return undefined;
  const sinceMs = m[1] === undefined ? undefined : at(now, m.slice(1, 4), 0);
  const untilMs = m[4] === undefined ? undefined : at(now, m.slice(4, 7), 999);
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs > untilMs) return undefined;
  return { sinceMs, untilMs };
}

/** A minute or a second that something lasts until is meant to its end. */
function at(now: number, [hours, minutes, seconds]: (string | undefined)[], ms: number): number {
  const day = new Date(now);
  return day.setHours(Number(hours), Number(minutes), Number(seconds ?? (ms > 0 ? 59 : 0)), ms);
}

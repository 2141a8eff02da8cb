// How a request that went through a proxy is told to people: in a row of a list,
// aloud, and with all that is known of it. It knows no editor.
import type { Body, HeaderLine, Request, RequestDetail, TimelineEvent } from "../protocol";

/** How a request stands. */
export type Outcome = "pending" | "open" | "good" | "refused" | "failed";

/** open is a connection that goes on: a WebSocket. refused is the client's mistake, 4xx. */
export function outcomeOf(request: Request): Outcome {
  if (request.failure) return "failed";
  if (request.pending) return request.upgrade ? "open" : "pending";
  const status = request.status ?? 0;
  return status >= 500 ? "failed" : status >= 400 ? "refused" : "good";
}

/** The status, or what there is instead. */
export function statusOf(request: Request): string {
  if (request.failure) return `${request.status ?? ""} ${request.failure.stage} failed`.trim();
  if (request.pending && request.upgrade) return request.upgrade;
  if (request.pending) return request.status === undefined ? "waiting" : `${request.status}, under way`;
  return String(request.status ?? "");
}

/** What stands behind method and path in a list. */
export function summary(request: Request): string {
  const { timings, received, replayOf } = request;
  const parts = [statusOf(request), duration(timings.total), received > 0 ? size(received) : ""];
  if (replayOf) parts.push(`repeats ${replayOf}`);
  return parts.filter((part) => part !== "").join(" · ");
}

export function duration(ms: number | undefined): string {
  if (ms === undefined) return "";
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Everything about a request, as the text of a read-only document. */
export function describe(detail: RequestDetail, around: readonly TimelineEvent[]): string {
  const { request } = detail;
  const out = [`${request.method} ${request.url}`, summary(request), "", ...times(request)];
  if (request.failure) out.push(`broke off    ${request.failure.stage}: ${request.failure.text}`);
  if (request.skipped) out.push(`script       none put in: ${request.skipped}`);
  if (request.silent) out.push("silent       the page got the script and does not report: something blocks it");
  out.push("", ...message("Request", detail.requestHeader, detail.requestBody));
  if (request.status !== undefined) {
    const title = `Answer: ${request.status}${detail.protocol ? ` ${detail.protocol}` : ""}`;
    out.push("", ...message(title, detail.responseHeader, detail.responseBody));
  }
  const lines = around.filter(({ by }) => by !== "asked").map(happened);
  if (lines.length > 0) out.push("", ...heading("Meanwhile"), ...lines);
  return `${out.join("\n")}\n`;
}

function times({ t, timings, host }: Request): string[] {
  const parts = [
    ["dns", timings.dns],
    ["connect", timings.connect],
    ["tls", timings.tls],
    ["first byte", timings.ttfb],
    ["total", timings.total],
  ] as const;
  return [
    `host         ${host}`,
    `began        ${new Date(t).toISOString()}`,
    ...parts.filter(([, ms]) => ms !== undefined).map(([name, ms]) => `${name.padEnd(12)} ${duration(ms)}`),
    ...(timings.reused ? ["connection   had served before"] : []),
  ];
}

function heading(title: string): string[] {
  return [title, "─".repeat(title.length)];
}

function message(title: string, header: readonly HeaderLine[], body: Body | undefined): string[] {
  const lines = [...heading(title), ...header.map(({ name, value }) => `${name}: ${value}`)];
  return body && body.size > 0 ? [...lines, "", ...content(header, body)] : lines;
}

/** A body for reading: JSON is indented, what is no text is only counted. */
function content(header: readonly HeaderLine[], body: Body): string[] {
  if (body.missing) return [`(${size(body.size)}: ${body.missing})`];
  if (body.base64) return [`(${size(body.size)} that are no text)`];
  const type = header.find(({ name }) => name.toLowerCase() === "content-type")?.value ?? "";
  const text = /\bjson\b/i.test(type) ? indented(body.text) : body.text.replace(/\n$/, "");
  return body.truncated ? [text, `(and more: ${size(body.size)} in all)`] : [text];
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // cut off, or no JSON after all
  }
}

function happened({ t, request, page, line }: TimelineEvent): string {
  const at = new Date(t).toISOString().slice(11, 23);
  if (request) return `${at}  ${request.method} ${request.url}  ${summary(request)}`;
  if (page) return `${at}  ${page.kind}  ${page.message ?? page.url ?? page.page}`;
  return `${at}  ${line?.process} | ${line?.text}`;
}

// Which calls an untrusted workspace may make: those that only look. Everything
// else starts, stops or writes to something, and new methods belong to it until
// they are named here.
import type { Calls } from "../protocol";

const looking: ReadonlySet<keyof Calls> = new Set<keyof Calls>([
  "initialize",
  "shutdown",
  "rpc.discover",
  "session/info",
  "session/watch",
  "project/scripts",
  "project/config",
  "process/list",
  "process/status",
  "process/wait",
  "logs/query",
  "logs/search",
  "logs/subscribe",
  "logs/unsubscribe",
  "proxy/list",
  "proxy/requests",
  "proxy/request",
  "proxy/curl",
  "timeline/query",
  "telemetry/sessions",
  "telemetry/events",
  "problems/list",
  "tests/list",
  "urls/list",
  "events/subscribe",
  "events/unsubscribe",
  "metrics/get",
  "metrics/subscribe",
  "metrics/unsubscribe",
  "metrics/trend",
  "metrics/gates",
]);

export function onlyLooks(method: keyof Calls): boolean {
  return looking.has(method);
}

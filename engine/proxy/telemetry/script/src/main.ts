// What a page tells the developer proxy of itself: that it was loaded, what it
// logs, what goes wrong, how its requests went and how it feels. It sends to the
// page's own origin and nowhere else, changes nothing that the page can see, and
// never throws into it.
//
// The server limits what it keeps; the limits here only keep a page that fails
// in a loop from spending its time on reports.
import { onCLS, onFCP, onINP, onLCP, onTTFB, type Metric } from 'web-vitals';
import { asText } from './text';

interface Report {
  kind: string;
  t: number; // milliseconds since the epoch
  [member: string]: unknown;
}

const endpoint = '/__brummer__/e';
const token = '__BRUMMER_TOKEN__'; // the server puts its own here
const maxQueue = 100;
const session = Math.random().toString(36).slice(2, 12) + Date.now().toString(36);

let queue: Report[] = [];
let dropped = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function report(kind: string, members: Record<string, unknown>, at = Date.now()): void {
  if (queue.length >= maxQueue) {
    dropped++;
    return;
  }
  queue.push({ kind, t: Math.round(at), ...members });
  timer ??= setTimeout(flush, 300);
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  if (queue.length === 0) return;
  const body = JSON.stringify({ token, session, url: location.href, dropped, events: queue });
  queue = [];
  dropped = 0;
  // A beacon outlives the page; it takes 64 KiB in all, and fetch takes more.
  if (!navigator.sendBeacon?.(endpoint, body)) {
    fetch(endpoint, { method: 'POST', body }).catch(() => undefined);
  }
}

// idOf is what the proxy calls the request of a resource.
function idOf(entry: PerformanceEntry): string | undefined {
  const timings = (entry as PerformanceResourceTiming).serverTiming ?? [];
  return timings.find((t) => t.name === 'brummer')?.description;
}

function watchConsole(): void {
  for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    const original = console[level];
    console[level] = (...args: unknown[]) => {
      original.apply(console, args);
      report('console', { level, message: args.map(asText).join(' ') });
    };
  }
}

function watchErrors(): void {
  addEventListener(
    'error',
    (e: Event) => {
      if (e instanceof ErrorEvent) {
        report('error', { message: e.message, source: e.filename, line: e.lineno, column: e.colno, stack: stackOf(e.error) });
      } else if (e.target instanceof Element) {
        const link = e.target as Partial<HTMLImageElement & HTMLLinkElement>;
        report('resource', { tag: e.target.localName, url: String(link.src || link.href || '') });
      }
    },
    true,
  );
  addEventListener('unhandledrejection', (e) => {
    report('rejection', { message: e.reason instanceof Error ? String(e.reason) : asText(e.reason), stack: stackOf(e.reason) });
  });
  addEventListener('securitypolicyviolation', (e) => {
    report('csp', { message: `${e.effectiveDirective} blocks ${e.blockedURI}`, source: e.sourceFile, line: e.lineNumber, column: e.columnNumber });
  });
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}

function watchLoads(): void {
  const observe = (type: string, see: (entry: PerformanceEntry) => void) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
    } catch {
      // a browser that does not have it
    }
  };
  observe('navigation', (entry) => {
    const n = entry as PerformanceNavigationTiming;
    const value = Math.round(n.loadEventEnd || n.domComplete);
    if (!value) return; // Chromium hands it out at the beginning too
    report('load', { request: idOf(n), type: n.type, value, dom: Math.round(n.domContentLoadedEventEnd) });
  });
  observe('resource', (entry) => {
    const r = entry as PerformanceResourceTiming;
    if ((r.initiatorType !== 'fetch' && r.initiatorType !== 'xmlhttprequest') || r.name.endsWith(endpoint)) return;
    const status = (r as { responseStatus?: number }).responseStatus;
    report('request', { request: idOf(r), url: r.name, value: Math.round(r.duration), status }, performance.timeOrigin + r.startTime);
  });
}

function watchNavigation(): void {
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (this: History, ...args: Parameters<typeof original>) {
      original.apply(this, args);
      report('navigation', { url: location.href });
    };
  }
  addEventListener('popstate', () => report('navigation', { url: location.href }));
}

function watchVitals(): void {
  const vital = (m: Metric) => report('vital', { name: m.name, value: m.value, rating: m.rating });
  [onCLS, onFCP, onINP, onLCP, onTTFB].forEach((on) => on(vital));
}

// Once, however often the tag is there.
const mark = Symbol.for('brummer-rpc');
if (!(mark in window)) {
  Object.defineProperty(window, mark, { value: session });
  const [navigation] = performance.getEntriesByType('navigation');
  report('page', { request: navigation && idOf(navigation), agent: navigator.userAgent, referrer: document.referrer });
  for (const watch of [watchErrors, watchConsole, watchLoads, watchNavigation, watchVitals]) watch();
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && flush());
  addEventListener('pagehide', flush);
}

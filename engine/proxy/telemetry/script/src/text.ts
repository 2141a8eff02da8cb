const maxText = 2000;

// asText writes a value as a console would, roughly, and short: a page's objects
// may be large, circular, or answer with exceptions.
export function asText(value: unknown): string {
  try {
    return cut(typeof value === 'string' ? value : value instanceof Error ? (value.stack ?? String(value)) : describe(value));
  } catch {
    return '[unreadable]';
  }
}

function cut(text: string): string {
  return text.length > maxText ? text.slice(0, maxText) + '…' : text;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Element) return `<${value.localName}${value.id && '#' + value.id}>`;
  const seen = new Set<unknown>();
  let room = 200; // members, of all objects together
  return (
    JSON.stringify(value, (_key, v: unknown) => {
      if (room-- <= 0) return '…';
      if (typeof v === 'bigint' || typeof v === 'symbol' || typeof v === 'function') return String(v).slice(0, 100);
      if (typeof v === 'object' && v !== null) {
        if (seen.has(v)) return '[circular]';
        seen.add(v);
      }
      return v;
    }) ?? String(value)
  );
}

// Colours of a line: SGR escapes (ECMA-48 §8.3.117) as styles of stretches of its
// plain text. The engine has taken out every other escape.

/** How a stretch of text looks. A colour is a number of the palette of 256, or 0xRRGGBB above it. */
export interface Style {
  fg?: number;
  bg?: number;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
}

/** A stretch of plain text with a style. */
export interface Span {
  start: number;
  end: number;
  style: Style;
}

/** Marks a colour that is no number of the palette. */
export const trueColour = 0x1000000;

const introducer = "\u001b";
const sgr = new RegExp(`${introducer}\\[([\\d;:]*)m`, "g");

/** parse takes the escapes out of a line. */
export function parse(raw: string): { text: string; spans: Span[] } {
  if (!raw.includes(introducer)) return { text: raw, spans: [] };
  const spans: Span[] = [];
  let text = "";
  let style: Style = {};
  let at = 0;
  const take = (end: number) => {
    if (end > at && Object.keys(style).length > 0)
      spans.push({ start: text.length, end: text.length + end - at, style });
    text += raw.slice(at, end);
  };
  for (const m of raw.matchAll(sgr)) {
    take(m.index);
    style = apply(style, m[1] ?? "");
    at = m.index + m[0].length;
  }
  take(raw.length);
  return { text, spans };
}

/** plainLength is how long a line is without its escapes. */
export function plainLength(raw: string): number {
  return raw.includes(introducer) ? raw.replace(sgr, "").length : raw.length;
}

/** apply gives the style after an escape with these parameters. */
function apply(before: Style, params: string): Style {
  const style = { ...before };
  const codes = params.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const c = codes[i]!;
    if (c === 38 || c === 48) i += extended(style, c === 38 ? "fg" : "bg", codes, i + 1);
    else if (c === 0) for (const k of Object.keys(style) as (keyof Style)[]) delete style[k];
    else simple(style, c);
  }
  return style;
}

function simple(style: Style, c: number): void {
  switch (c) {
    case 1:
      style.bold = true;
      return;
    case 2:
      style.dim = true;
      return;
    case 3:
      style.italic = true;
      return;
    case 4:
      style.underline = true;
      return;
    case 7:
      style.inverse = true;
      return;
    case 9:
      style.strike = true;
      return;
    case 22:
      delete style.bold;
      delete style.dim;
      return;
    case 23:
      delete style.italic;
      return;
    case 24:
      delete style.underline;
      return;
    case 27:
      delete style.inverse;
      return;
    case 29:
      delete style.strike;
      return;
    case 39:
      delete style.fg;
      return;
    case 49:
      delete style.bg;
      return;
  }
  if (c >= 30 && c <= 37) style.fg = c - 30;
  else if (c >= 90 && c <= 97) style.fg = c - 82;
  else if (c >= 40 && c <= 47) style.bg = c - 40;
  else if (c >= 100 && c <= 107) style.bg = c - 92;
}

/** extended reads 5;N or 2;R;G;B behind a 38 or 48, and gives how many codes that took. */
function extended(style: Style, part: "fg" | "bg", codes: number[], at: number): number {
  if (codes[at] === 5) {
    style[part] = (codes[at + 1] ?? 0) & 255;
    return 2;
  }
  if (codes[at] !== 2) return 1;
  const [r = 0, g = 0, b = 0] = codes.slice(at + 1, at + 4).map((v) => v & 255);
  style[part] = trueColour + (r << 16) + (g << 8) + b;
  return 4;
}

const names = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"];
const steps = [0, 95, 135, 175, 215, 255];

/** css writes a colour: the first sixteen are the theme's, the others what xterm has. */
export function css(colour: number): string {
  if (colour >= trueColour) return `#${(colour - trueColour).toString(16).padStart(6, "0")}`;
  if (colour < 8) return `var(--vscode-terminal-ansi${names[colour]})`;
  if (colour < 16) return `var(--vscode-terminal-ansiBright${names[colour - 8]})`;
  if (colour >= 232) {
    const grey = 8 + 10 * (colour - 232);
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const n = colour - 16;
  return `rgb(${steps[Math.floor(n / 36)]}, ${steps[Math.floor(n / 6) % 6]}, ${steps[n % 6]})`;
}

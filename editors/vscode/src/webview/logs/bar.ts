// The controls above the list: filters, search, follow; and the line below it.

import type { Query } from "../../panel/messages";
import type { Filter, Line } from "../../protocol";
import { drawing, element } from "./element";
import type { Search } from "./search";

/** What the controls do; the page says how. */
export interface Actions {
  choose(what: "processes" | "time"): void;
  filter(change: Partial<Filter>): void;
  clearFilter(): void;
  /** something about the search has changed: its text, how it is meant, what is shown */
  search(): void;
  step(backwards: boolean): void;
  follow(): void;
  wrap(on: boolean): void;
  /** the keyboard goes back to the list */
  leave(): void;
}

const levels: [Line["level"] | "", string][] = [
  ["", "All levels"],
  ["debug", "Debug and up"],
  ["info", "Info and up"],
  ["warn", "Warnings and errors"],
  ["error", "Errors"],
];
const streams: ["" | "stdout" | "stderr", string][] = [
  ["", "Both streams"],
  ["stdout", "stdout"],
  ["stderr", "stderr"],
];
const contexts: [string, string][] = [
  ["0", "no context"],
  ["2", "2 lines around"],
  ["5", "5 lines around"],
  ["20", "20 lines around"],
];

/** A line that goes on in the next one. */
const wrapping = "M1 3.5h14M1 8h10.5a2.4 2.4 0 0 1 0 4.8H8M10 10.6 7.8 12.8 10 15M1 12.8h3.5";

/** How long something that was said stays, in ms. */
const sayFor = 8000;

export class Bar {
  readonly top = element("div", { class: "bar", role: "toolbar", "aria-label": "Filter and search" });
  readonly bottom = element("div", { class: "foot" });
  private readonly processes = button("Processes", "All processes", () => this.act.choose("processes"));
  private readonly time = button("Time", "Any time", () => this.act.choose("time"));
  private readonly level = select("Least level", levels);
  private readonly stream = select("Stream", streams);
  private readonly clear = button("Show everything: reset the filter", "Reset", () => this.act.clearFilter());
  private readonly input = element("input", {
    type: "search",
    id: "search",
    placeholder: "Search",
    "aria-label": "Search in the logs",
    spellcheck: "false",
    autocomplete: "off",
  });
  private readonly word = toggle("Whole word", "word", () => this.act.search());
  private readonly case = toggle("Match case, also without a capital letter", "Aa", () => this.act.search());
  private readonly regexp = toggle("Regular expression (RE2)", ".*", () => this.act.search());
  private readonly everywhere = toggle("Search in all processes, also those that are not shown", "all", () =>
    this.act.search(),
  );
  private readonly only = toggle("Show only lines that match", "only", () => this.act.search());
  private readonly context = select("Lines around each match", contexts);
  private readonly previous = button("Previous match (Shift+Enter, N)", "↑", () => this.act.step(true));
  private readonly next = button("Next match (Enter, n)", "↓", () => this.act.step(false));
  private readonly count = element("output", { class: "count", for: "search", role: "status" });
  private readonly wraps = toggle("Wrap long lines (W)", drawing(wrapping), () => this.act.wrap(this.wrapped));
  private readonly followed = button("Show the newest lines and follow (End)", "Follow", () => this.act.follow());
  private readonly place = element("span", { class: "place" });
  private readonly said = element("span", { class: "said", role: "status" });

  private saying: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly act: Actions) {
    const filters = element(
      "div",
      { class: "group", role: "group", "aria-label": "Filter" },
      this.processes,
      this.level,
      this.stream,
      this.time,
      this.clear,
    );
    const search = element(
      "div",
      { class: "group search", role: "search" },
      this.input,
      this.case,
      this.word,
      this.regexp,
      this.everywhere,
      this.only,
      this.context,
      this.previous,
      this.next,
      this.count,
    );
    this.followed.classList.add("follow");
    this.top.append(filters, search, element("div", { class: "group" }, this.wraps, this.followed));
    this.bottom.append(this.place, this.said);
    this.level.addEventListener("change", () =>
      this.act.filter({ minLevel: (this.level.value || undefined) as Filter["minLevel"] }),
    );
    this.stream.addEventListener("change", () =>
      this.act.filter({ streams: this.stream.value ? [this.stream.value as "stdout"] : undefined }),
    );
    this.context.addEventListener("change", () => this.act.search());
    this.input.addEventListener("input", () => this.act.search());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Enter") this.act.step(event.shiftKey);
    else if (event.key === "ArrowDown") this.act.leave();
    else if (event.key === "Escape") {
      if (this.input.value !== "") {
        this.input.value = "";
        this.act.search();
      }
      this.act.leave();
    } else return;
    event.preventDefault();
  }

  /** query is what the controls ask to look for. */
  get query(): Query | undefined {
    const text = this.input.value;
    if (text === "") return undefined;
    const query: Query = { text, regexp: pressed(this.regexp), wholeWord: pressed(this.word) };
    return pressed(this.case) ? { ...query, caseSensitive: true } : query;
  }

  /** lines around each match, if only those are wanted */
  get around(): number | undefined {
    return pressed(this.only) && this.input.value !== "" ? Number(this.context.value) : undefined;
  }

  get inAll(): boolean {
    return pressed(this.everywhere);
  }

  get wrapped(): boolean {
    return pressed(this.wraps);
  }

  set wrapped(on: boolean) {
    press(this.wraps, on);
  }

  /** restore sets the controls of the search. */
  restore(query: Query | undefined, around: number | undefined): void {
    this.input.value = query?.text ?? "";
    press(this.regexp, query?.regexp === true);
    press(this.word, query?.wholeWord === true);
    press(this.case, query?.caseSensitive === true);
    press(this.only, around !== undefined);
    this.context.value = String(around ?? 0);
  }

  /** showAll leaves the view of matches. */
  showAll(): void {
    press(this.only, false);
  }

  showFilter(filter: Filter): void {
    const { processes, minLevel, streams: of, sinceMs, untilMs } = filter;
    this.processes.textContent = processes
      ? processes.length > 3
        ? `${processes.length} processes`
        : processes.join(", ")
      : "All processes";
    this.everywhere.hidden = !processes;
    this.level.value = minLevel ?? "";
    this.stream.value = of?.length === 1 ? of[0]! : "";
    this.time.textContent = timeText(sinceMs, untilMs);
    this.clear.hidden = !processes && !minLevel && !of && sinceMs === undefined && untilMs === undefined;
  }

  /** searching says that what stands beside the search box is about to change. */
  searching(): void {
    this.count.setAttribute("aria-busy", "true");
  }

  showSearch(search: Search): void {
    this.count.setAttribute("aria-busy", "false");
    this.count.textContent = search.says;
    this.count.classList.toggle("error", search.error !== "");
    this.input.setAttribute("aria-invalid", String(search.error !== ""));
    this.previous.disabled = this.next.disabled = search.total === 0;
    this.context.hidden = !pressed(this.only);
  }

  showPlace(text: string, following: boolean, behind: number): void {
    if (this.place.textContent !== text) this.place.textContent = text;
    const label = following ? "Following" : behind > 0 ? `Follow (${brief(behind)} new)` : "Follow";
    if (this.followed.textContent !== label) this.followed.textContent = label;
    press(this.followed, following);
  }

  /** focus puts the keyboard into the search box. */
  focus(): void {
    this.input.focus();
    this.input.select();
  }

  /** say tells something once, also to a screen reader; it goes away by itself. */
  say(text: string): void {
    this.stay(text);
    if (text) this.saying = setTimeout(() => this.stay(""), sayFor);
  }

  /** stay tells something that holds until something else is told. */
  stay(text: string): void {
    clearTimeout(this.saying);
    this.said.textContent = text;
  }
}

function button(label: string, text: string | SVGSVGElement, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", title: label }, text);
  made.addEventListener("click", act);
  return made;
}

function toggle(label: string, text: string | SVGSVGElement, act: () => void): HTMLButtonElement {
  const made = button(label, text, () => {
    press(made, !pressed(made));
    act();
  });
  made.classList.add("toggle");
  made.setAttribute("aria-label", label);
  press(made, false);
  return made;
}

const pressed = (b: HTMLButtonElement): boolean => b.getAttribute("aria-pressed") === "true";
const press = (b: HTMLButtonElement, on: boolean): void => b.setAttribute("aria-pressed", String(on));

function select(label: string, options: [value: string, text: string][]): HTMLSelectElement {
  return element(
    "select",
    { "aria-label": label, title: label },
    ...options.map(([value, text]) => element("option", { value }, text)),
  );
}

/** brief writes a number in the room that the button has: 1,234 and 12K. */
function brief(n: number): string {
  return n.toLocaleString("en", n < 10_000 ? {} : { notation: "compact", maximumFractionDigits: 0 });
}

function timeText(since: number | undefined, until: number | undefined): string {
  const at = (t: number) => new Date(t).toLocaleTimeString();
  if (since !== undefined && until !== undefined) return `${at(since)} – ${at(until)}`;
  if (since !== undefined) return `Since ${at(since)}`;
  return until === undefined ? "Any time" : `Until ${at(until)}`;
}

// The log panel's page: it holds together what is loaded (Feed), what is drawn
// (List), what is looked for (Search), the controls (Bar) and the user's Hands.
//
//	message, key, scroll ──▶ change ──▶ soon ──▶ frame: flush, place, draw, give credit, ask for more

import type { ToPage, View } from "../../panel/messages";
import type { Filter } from "../../protocol";
import { Bar } from "./bar";
import { Channel } from "./channel";
import { element } from "./element";
import { Feed } from "./feed";
import { Hands } from "./hands";
import { List } from "./list";
import { Marks } from "./marks";
import type { Look } from "./rowview";
import { Search } from "./search";

/** Letters that are typed ask for a search once they pause for so long, in ms. */
const typingPause = 60;
/** What VS Code keeps for a reload, or until the panel is in sight again, is as it was so long ago, in ms. */
const keepEvery = 200;

export class App {
  private readonly channel = new Channel((message) => this.hear(message));
  private readonly feed = new Feed(this.channel, {
    changed: (moved) => this.changed(moved),
    failed: (message) => this.bar.say(message),
  });
  private readonly search = new Search(this.channel);
  private readonly marks = new Marks(this.channel, () => this.again());
  private readonly look: Look = { active: 0, selected: [0, 0], current: 0, marks: this.marks.ranges, named: true };
  private readonly bar = new Bar({
    choose: (what) => this.channel.post({ type: "choose", what, filter: this.filter }),
    filter: (change) => this.setFilter({ ...this.filter, ...change }),
    clearFilter: () => this.setFilter({}),
    search: () => this.typed(),
    step: (backwards) => void this.step(backwards),
    follow: () => void this.follow(),
    wrap: (on) => this.wrap(on),
    leave: () => this.list.layer.focus(),
  });
  private readonly empty = element("p", { class: "empty" });
  private readonly list: List;
  private readonly hands: Hands;
  private filter: Filter = {};
  private folder = "";
  private epoch = ""; // of the engine
  private framed = false;
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private unseen = false; // what was typed was not gone to yet
  private origin: number | undefined; // the line in sight when the search was begun
  private placing = 0; // counts the moves to another place: one that was overtaken stops

  constructor(main: HTMLElement) {
    const scroller = element("div", { class: "scroller" });
    scroller.append(this.empty);
    main.append(this.bar.top, scroller, this.bar.bottom);
    this.list = new List(scroller, this.feed.stretch, this.look);
    this.hands = new Hands(this.list, this.feed, this.look, this.channel, {
      follow: () => this.follow(),
      letGo: () => this.letGo(),
      find: () => this.bar.focus(),
      step: (backwards) => void this.step(backwards),
      leaveSearch: () => this.leaveSearch(),
      clearFilter: () => this.setFilter({}),
      wrap: () => this.wrap(!this.list.wraps),
      say: (text) => this.bar.say(text),
      again: () => this.again(),
    });
    this.listen(scroller);
    this.restore();
    this.channel.post({ type: "ready" });
  }

  private listen(scroller: HTMLElement): void {
    scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    scroller.addEventListener("wheel", (event) => event.deltaY < 0 && this.letGo(), { passive: true });
    document.addEventListener("selectionchange", () => document.getSelection()?.type === "Range" && this.letGo());
    new ResizeObserver(() => this.measured()).observe(scroller);
    // a change of theme changes the body's class, and perhaps the font
    new MutationObserver(() => this.measured()).observe(document.body, { attributeFilter: ["class", "style"] });
    setInterval(() => this.soon(), 1000);
  }

  private restore(): void {
    const { kept } = this.channel;
    this.filter = kept?.filter ?? {};
    this.look.named = this.filter.processes?.length !== 1;
    this.bar.restore(kept?.query, kept?.context);
    this.bar.showFilter(this.filter);
    this.bar.showSearch(this.search);
    this.wrap(kept?.wrap ?? document.body.dataset.wrap === "true");
  }

  private wrap(on: boolean): void {
    this.bar.wrapped = on;
    this.list.wrap(on);
    this.soon();
  }

  private hear(message: ToPage): void {
    switch (message.type) {
      case "lines":
        this.feed.take(message.following, message.batches, message.skipped);
        this.soon();
        break;
      case "engine":
        void this.connected(message);
        break;
      case "filter":
        this.setFilter(message.filter);
        break;
      case "reveal":
        void this.reveal(message.process, message.seq);
        break;
      case "do":
        this.hands.run(message.what);
        break;
      case "notice":
        this.bar.say(message.text);
    }
  }

  private async connected({ epoch, folder, reason }: ToPage & { type: "engine" }): Promise<void> {
    this.bar.stay(reason);
    if (epoch === null) return this.feed.letGo();
    const { kept } = this.channel;
    const top = kept?.epoch === epoch ? kept.top : undefined;
    this.folder = folder;
    this.epoch = epoch;
    if (top === undefined) await this.follow();
    else await this.showLine(top, false);
    await this.count(top);
    this.again();
  }

  /** The view that filter and search ask for. */
  private get view(): View {
    const { around: context, query } = this.bar;
    if (context === undefined || !query) return { filter: this.filter };
    return { filter: this.filter, matches: { ...query, context } };
  }

  /** The lines that are searched. */
  private get scope(): Filter {
    return this.bar.inAll ? { ...this.filter, processes: undefined } : this.filter;
  }

  /** takeFilter makes a filter the one that counts, and shows nothing of it yet. */
  private takeFilter(filter: Filter): void {
    this.filter = filter;
    this.look.named = filter.processes?.length !== 1;
    this.bar.showFilter(filter);
    this.list.forgetWidth();
    this.channel.post({ type: "shows", filter });
  }

  private setFilter(filter: Filter): void {
    this.takeFilter(filter);
    const top = this.feed.following ? undefined : this.topLine;
    void (top === undefined ? this.follow() : this.showLine(top, false));
    void this.count(top);
  }

  // Going to a place.

  private async follow(): Promise<void> {
    this.placing++;
    this.hands.forget();
    await this.feed.toEnd(this.view);
    this.again();
  }

  /** showLine shows a line, at the top or in the middle; false if it is not among those of the view. */
  private async showLine(seq: number, middle: boolean): Promise<boolean> {
    const placing = ++this.placing;
    const { view } = this;
    this.hands.forget();
    this.letGo();
    if (this.feed.stretch.has(seq) && JSON.stringify(view) === JSON.stringify(this.feed.view)) {
      this.feed.stay();
    } else {
      await this.feed.toLine(view, seq);
      if (placing !== this.placing) return true;
    }
    const index = this.feed.stretch.find(seq);
    if (middle) this.list.reveal(index, true);
    else this.list.goTo(index);
    this.again();
    return this.feed.stretch.row(index)?.at === seq;
  }

  /** reveal goes to a line of a process, whatever the filter leaves out. */
  private async reveal(process: string, seq: number): Promise<void> {
    const { processes } = this.filter;
    this.bar.showAll();
    if (processes && !processes.includes(process))
      this.takeFilter({ ...this.filter, processes: [...processes, process] });
    let there = await this.showLine(seq, true);
    if (!there && Object.keys(this.filter).length > 0) {
      this.takeFilter({});
      there = await this.showLine(seq, true);
    }
    if (!there) this.bar.say("That line is no longer held; this is where it was.");
    this.hands.select(seq);
    this.list.layer.focus();
  }

  private letGo(): void {
    if (!this.feed.following) return;
    this.feed.letGo();
    this.soon();
  }

  private scrolled(): void {
    if (!this.list.scrolled()) return;
    this.hands.forget();
    if (this.feed.following && !this.list.position.atBottom) this.letGo();
    else if (!this.feed.following && this.list.position.atBottom) this.feed.resume();
    this.soon();
  }

  // The search.

  private typed(): void {
    clearTimeout(this.typing);
    if (!this.search.query) this.origin = this.feed.following ? undefined : this.topLine;
    this.unseen = true;
    this.bar.searching();
    this.typing = setTimeout(() => void this.sought(), typingPause);
  }

  private async sought(): Promise<void> {
    clearTimeout(this.typing);
    const wasOnly = this.feed.view.matches !== undefined;
    if (!(await this.search.begin(this.bar.query, this.scope, this.origin))) return;
    this.unseen = this.search.error !== ""; // there may be no engine yet
    this.marks.clear();
    const onlyNow = this.bar.around !== undefined && !this.search.error;
    if (wasOnly || onlyNow) await this.viewChanged();
    else await this.showCurrent();
    this.bar.showSearch(this.search);
    this.again();
  }

  /** Only matches are shown, or no longer, or those of another query. */
  private async viewChanged(): Promise<void> {
    const seq = this.search.current?.seq;
    this.look.current = seq ?? 0;
    if (seq === undefined || this.origin === undefined) await this.follow();
    else await this.showLine(seq, true);
  }

  private async step(backwards: boolean): Promise<void> {
    if (this.unseen) return this.sought();
    if (!(await this.search.step(this.scope, backwards))) return;
    this.bar.showSearch(this.search);
    await this.showCurrent();
  }

  /** Goes to where the search is. A hit of a process that is not shown brings that process in. */
  private async showCurrent(): Promise<void> {
    const line = this.search.current;
    this.look.current = line?.seq ?? 0;
    this.again();
    if (!line) return;
    const { processes } = this.filter;
    if (processes && !processes.includes(line.process)) {
      this.takeFilter({ ...this.filter, processes: [...processes, line.process] });
      this.bar.say(`${line.process} is shown too.`);
    }
    this.hands.select(line.seq);
    await this.showLine(line.seq, true);
  }

  /** count looks again for what is looked for, and goes nowhere, unless somebody has just typed it. */
  private async count(from: number | undefined): Promise<void> {
    if (this.unseen) return this.sought();
    if (!this.bar.query || !(await this.search.begin(this.bar.query, this.scope, from))) return;
    this.look.current = this.search.current?.seq ?? 0;
    this.bar.showSearch(this.search);
    this.again();
  }

  private leaveSearch(): void {
    if (!this.bar.query) return;
    this.bar.restore(undefined, undefined);
    this.typed();
  }

  // Frames.

  private get topLine(): number | undefined {
    return this.feed.stretch.row(Math.floor(this.list.position.top))?.at;
  }

  /** changed is told that rows have come or gone, and by how much those in sight have moved. */
  private changed(moved: number): void {
    if (moved !== 0 && !this.feed.following) this.list.goTo(this.list.position.top + moved);
    this.hands.changed(moved);
    this.soon();
  }

  private measured(): void {
    this.list.measure();
    this.soon();
  }

  /** again has all rows painted again. */
  private again(): void {
    this.list.repaint();
    this.soon();
  }

  private soon(): void {
    if (this.framed) return;
    this.framed = true;
    requestAnimationFrame((now) => this.frame(now));
  }

  private frame(now: number): void {
    this.framed = false;
    const batches = this.feed.flush();
    if (this.feed.following) this.list.goTo(this.feed.stretch.total);
    this.list.draw();
    this.feed.drawn(batches);
    const [first, end] = this.list.inSight();
    this.feed.need(first, end);
    void this.feed.look(now);
    const at = (index: number) => this.feed.stretch.row(index)?.at ?? 0;
    this.marks.need(this.search.query, this.filter, at(first), at(end - 1), now);
    this.tell(first, end);
    this.hands.point();
    this.keeping ??= setTimeout(() => this.keep(), keepEvery);
  }

  private tell(first: number, end: number): void {
    const { total, atStart, atEnd } = this.feed.stretch;
    const number = (n: number) => n.toLocaleString("en");
    const about = atStart || atEnd ? "" : "about ";
    const text = total === 0 ? "No lines" : `${about}${number(first + 1)}–${number(end)} of ${number(total)}`;
    this.bar.showPlace(text, this.feed.following, this.feed.behind);
    const why = total > 0 || !this.feed.loaded ? "" : this.nothing;
    if (this.empty.textContent !== why) this.empty.textContent = why;
  }

  /** Why there is no line. */
  private get nothing(): string {
    const { matches, filter } = this.feed.view;
    if (matches) return "No line matches.";
    const all = Object.values(filter).every((part) => part === undefined);
    return all
      ? "Nothing was written yet. What you start in the Processes view writes here."
      : "No line passes the filter.";
  }

  private keep(): void {
    this.keeping = undefined;
    if (this.epoch === "") return;
    const { query, around } = this.bar;
    this.channel.keep({
      folder: this.folder,
      epoch: this.epoch,
      filter: this.filter,
      wrap: this.list.wraps,
      ...(query ? { query } : {}),
      ...(around === undefined ? {} : { context: around }),
      ...(this.feed.following || this.topLine === undefined ? {} : { top: this.topLine }),
    });
  }
}

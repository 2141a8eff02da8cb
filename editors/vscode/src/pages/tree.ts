// The Browser view: the pages that report, and below each what it has told last. As
// the Requests view it keeps no history and asks again when there is news.
import * as vscode from "vscode";
import type { Engine, Engines } from "../engine";
import { messageOf } from "../engine/errors";
import { Looking } from "../looking";
import type { Page, PageEvent } from "../protocol";
import { isError, placeOf, summaryOf, textOf } from "./words";

export type Row = { kind: "page"; engine: Engine; page: Page } | { kind: "event"; event: PageEvent };

/** Of each page. */
const most = 100;

export class PageTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly looking: Looking;

  constructor(private readonly engines: Engines) {
    this.looking = new Looking(engines, follow, () => this.changed.fire(undefined));
  }

  /** Follows the engines while somebody looks. */
  look(looking: boolean): void {
    this.looking.look(looking);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return row.kind === "page" ? pageItem(row) : eventItem(row.event);
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    try {
      if (parent?.kind === "event") return [];
      return parent ? await this.events(parent) : await this.pages();
    } catch (error) {
      this.engines.log.warn(`browser: ${messageOf(error)}`);
      return [];
    }
  }

  dispose(): void {
    this.looking.dispose();
    this.changed.dispose();
  }

  private async pages(): Promise<Row[]> {
    const connected = this.engines.all.filter(({ state }) => state.kind === "connected");
    const lists = await Promise.all(
      connected.map(async (engine) => {
        const { sessions } = await engine.request("telemetry/sessions", {});
        return sessions.map((page): Row => ({ kind: "page", engine, page }));
      }),
    );
    return lists.flat();
  }

  /** The newest first. */
  private async events({ engine, page }: Row & { kind: "page" }): Promise<Row[]> {
    const { events } = await engine.request("telemetry/events", { session: page.id, limit: most });
    return events.reverse().map((event) => ({ kind: "event", event }));
  }
}

function follow(engine: Engine, news: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    engine.followEvents({ types: ["telemetry.*"] }, { batch: () => {}, begun: news }),
    engine.on("telemetry/activity", news),
  );
}

function pageItem({ page, engine }: Row & { kind: "page" }): vscode.TreeItem {
  const item = new vscode.TreeItem(page.url, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `page ${engine.folder.uri} ${page.id}`;
  item.description = summaryOf(page);
  item.tooltip = `${page.url}\n${page.agent ?? ""}`;
  item.iconPath = new vscode.ThemeIcon("browser");
  item.contextValue = "page";
  item.accessibilityInformation = { label: `page ${page.url}, ${summaryOf(page)}` };
  return item;
}

function eventItem(event: PageEvent): vscode.TreeItem {
  const item = new vscode.TreeItem(textOf(event));
  const place = placeOf(event);
  item.description = place ? `${vscode.workspace.asRelativePath(place.file)}:${place.line}` : event.kind;
  item.tooltip = event.stack ?? textOf(event);
  item.iconPath = iconOf(event);
  item.accessibilityInformation = { label: `${event.kind}, ${textOf(event)}, ${item.description}` };
  if (place) {
    const at = new vscode.Position(place.line - 1, place.column - 1);
    const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at) };
    item.command = { command: "vscode.open", title: "Go There", arguments: [vscode.Uri.file(place.file), options] };
  }
  return item;
}

function iconOf(event: PageEvent): vscode.ThemeIcon {
  const bad = new vscode.ThemeColor("list.errorForeground");
  const poor = new vscode.ThemeColor("list.warningForeground");
  if (isError(event)) return new vscode.ThemeIcon("error", bad);
  if (event.kind === "vital") return new vscode.ThemeIcon("dashboard", event.rating === "good" ? undefined : poor);
  if (event.kind !== "console") return new vscode.ThemeIcon("circle-small");
  if (event.level === "error") return new vscode.ThemeIcon("error", bad);
  return event.level === "warn" ? new vscode.ThemeIcon("warning", poor) : new vscode.ThemeIcon("terminal");
}

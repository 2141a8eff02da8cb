// The Requests view: the proxies of all folders, and below each its newest
// requests. While somebody looks, news from an engine make it ask again; it keeps
// no history of its own.
import * as vscode from "vscode";
import type { Engine, Engines } from "../engine";
import { messageOf } from "../engine/errors";
import { Looking } from "../looking";
import type { Proxy as Front, Request, RequestFilter } from "../protocol";
import { type Outcome, outcomeOf, summary } from "./words";

export type Row =
  | { kind: "proxy"; engine: Engine; proxy: Front }
  | { kind: "request"; engine: Engine; request: Request };

/** Of each folder. */
const most = 200;

const icons: Record<Outcome, vscode.ThemeIcon> = {
  pending: new vscode.ThemeIcon("loading~spin"),
  open: new vscode.ThemeIcon("plug", new vscode.ThemeColor("charts.blue")),
  good: new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed")),
  refused: new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground")),
  failed: new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground")),
};

export class RequestTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly looking: Looking;
  private shown: RequestFilter = {};

  constructor(private readonly engines: Engines) {
    this.looking = new Looking(engines, follow, () => this.refresh());
  }

  get filter(): RequestFilter {
    return this.shown;
  }

  set filter(filter: RequestFilter) {
    this.shown = filter;
    this.refresh();
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  /** Follows the engines while somebody looks. */
  look(looking: boolean): void {
    this.looking.look(looking);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return row.kind === "proxy" ? proxyItem(row.proxy) : requestItem(row);
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    if (parent?.kind === "request") return [];
    if (parent) return this.requests(parent.engine, parent.proxy);
    const lists = await Promise.all(this.engines.all.map((engine) => this.proxies(engine)));
    return lists.flat();
  }

  dispose(): void {
    this.looking.dispose();
    this.changed.dispose();
  }

  private async proxies(engine: Engine): Promise<Row[]> {
    if (engine.state.kind !== "connected") return [];
    const proxies = await this.ask(async () => (await engine.request("proxy/list", {})).proxies);
    return proxies.map((proxy) => ({ kind: "proxy", engine, proxy }));
  }

  /** The newest first. */
  private async requests(engine: Engine, proxy: Front): Promise<Row[]> {
    const params = { filter: { ...this.shown, proxy: proxy.id }, limit: most };
    const requests = await this.ask(async () => (await engine.request("proxy/requests", params)).requests);
    const newest = new Map(requests.map((request) => [request.id, request])); // the last word counts
    return [...newest.values()].sort((a, b) => b.t - a.t).map((request) => ({ kind: "request", engine, request }));
  }

  private async ask<T>(question: () => Promise<T[]>): Promise<T[]> {
    try {
      return await question();
    } catch (error) {
      this.engines.log.warn(`requests: ${messageOf(error)}`);
      return [];
    }
  }
}

function follow(engine: Engine, news: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    engine.followEvents({ types: ["proxy.*"] }, { batch: () => {}, begun: news }),
    engine.on("proxy/activity", news),
    engine.on("urls/changed", news), // a proxy has come or gone
  );
}

function proxyItem(proxy: Front): vscode.TreeItem {
  const item = new vscode.TreeItem(proxy.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `proxy ${proxy.id}`;
  item.description = `${proxy.aliasUrl ?? proxy.proxyUrl} → ${proxy.url}`;
  item.iconPath = new vscode.ThemeIcon("globe");
  item.contextValue = "proxy";
  item.accessibilityInformation = { label: `${proxy.label}, proxy of ${proxy.url} at ${proxy.proxyUrl}` };
  return item;
}

function requestItem(row: Row & { kind: "request" }): vscode.TreeItem {
  const { request } = row;
  const item = new vscode.TreeItem(`${request.method} ${request.url}`);
  item.id = `request ${row.engine.folder.uri} ${request.id}`;
  item.description = summary(request);
  item.tooltip = `${request.method} ${request.host}${request.url}\n${summary(request)}`;
  item.iconPath = icons[outcomeOf(request)];
  item.contextValue = request.pending ? "request.pending" : "request";
  item.command = { command: "brummer-rpc.requests.open", title: "Show Request", arguments: [row] };
  item.accessibilityInformation = { label: `${request.method} ${request.url}, ${summary(request)}` };
  return item;
}

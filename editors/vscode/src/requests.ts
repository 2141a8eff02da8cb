// The Requests view, and what can be done with a proxy and a request that went
// through it. No engine is asked for anything before somebody looks.
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Engine, Engines } from "./engine";
import { messageOf } from "./engine/errors";
import { RequestDocuments } from "./requests/document";
import { hint, parseFilter } from "./requests/filter";
import { RequestTree, type Row } from "./requests/tree";

type RequestRow = Row & { kind: "request" };
type ProxyRow = Row & { kind: "proxy" };

export function register(context: vscode.ExtensionContext, engines: Engines): void {
  const requests = new Requests(engines);
  const command = <T>(name: string, run: (argument: T) => Promise<unknown>) =>
    vscode.commands.registerCommand(`brummer-rpc.${name}`, (argument: T) =>
      run(argument).catch((error) => void vscode.window.showErrorMessage(messageOf(error))),
    );
  context.subscriptions.push(
    requests,
    command("requests.open", (row: RequestRow) => requests.open(row.engine, row.request)),
    command("requests.replay", (row: RequestRow) => requests.replay(row)),
    command("requests.copyAsCurl", copyAsCurl),
    command("requests.exportHar", () => requests.exportHar()),
    command("requests.clear", () => requests.clear()),
    command("requests.filter", () => requests.askForFilter()),
    command("requests.clearFilter", async () => requests.show("")),
    command("proxy.register", () => requests.putProxy()),
    command("proxy.open", (row: ProxyRow) => browse(row.proxy.aliasUrl ?? row.proxy.proxyUrl)),
    command("proxy.unregister", (row: ProxyRow) => requests.removeProxy(row)),
  );
}

class Requests implements vscode.Disposable {
  private readonly tree: RequestTree;
  private readonly documents: RequestDocuments;
  private readonly view: vscode.TreeView<Row>;
  private readonly parts: vscode.Disposable[];
  private typed = "";

  constructor(private readonly engines: Engines) {
    this.tree = new RequestTree(engines);
    this.documents = new RequestDocuments(engines);
    this.view = vscode.window.createTreeView("brummer-rpc.requests", { treeDataProvider: this.tree });
    this.tree.look(this.view.visible);
    this.parts = [
      this.tree,
      this.documents.register(),
      this.view,
      this.view.onDidChangeVisibility(({ visible }) => this.tree.look(visible)),
    ];
  }

  open(engine: Engine, request: RequestRow["request"]): Promise<void> {
    return this.documents.show(engine, request);
  }

  /** Sends a request again, and shows how that went. */
  async replay({ engine, request }: RequestRow): Promise<void> {
    const again = await engine.request("proxy/replay", { id: request.id });
    await this.open(engine, again);
  }

  async askForFilter(): Promise<void> {
    const prompt = "Words in any order: method, status, >time, @process, failed, part of the path";
    const text = await vscode.window.showInputBox({
      title: "Filter Requests",
      prompt,
      placeHolder: hint,
      value: this.typed,
    });
    if (text !== undefined) this.show(text);
  }

  /** Shows only the requests that a filter lets through. */
  show(filter: string): void {
    this.typed = filter.trim();
    this.tree.filter = parseFilter(filter);
    this.view.description = this.typed;
    void vscode.commands.executeCommand("setContext", "brummer-rpc.requests.filtered", this.typed !== "");
  }

  /**
   * Writes what the view shows as an HTTP archive. An engine writes only to the
   * workspace and the folder for temporary files; the editor may copy it anywhere.
   */
  async exportHar(): Promise<void> {
    const engine = await choose(this.engines);
    if (!engine) return;
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(engine.folder.uri, "requests.har"),
      filters: { "HTTP archive": ["har"] },
    });
    if (!target) return;
    const path = join(tmpdir(), `brummer-rpc-${process.pid}-${Date.now()}.har`);
    try {
      const { entries } = await engine.request("proxy/har", { path, filter: this.tree.filter });
      await vscode.workspace.fs.copy(vscode.Uri.file(path), target, { overwrite: true });
      void vscode.window.showInformationMessage(
        `${entries ?? 0} requests are in ${vscode.workspace.asRelativePath(target)}.`,
      );
    } finally {
      await rm(path, { force: true });
    }
  }

  async clear(): Promise<void> {
    await Promise.all(this.engines.all.map((engine) => engine.request("proxy/clear", {})));
    this.tree.refresh();
  }

  /** Puts a proxy in front of a server that is seen, or of an address that is typed, and opens it. */
  async putProxy(): Promise<void> {
    const engine = await choose(this.engines);
    if (!engine) return;
    const { urls } = await engine.request("urls/list", {});
    const seen = urls.filter(({ state, proxyUrl }) => state !== "link" && !proxyUrl);
    const other = { label: "Another address…", process: undefined };
    const items = [...seen.map(({ url, process }) => ({ label: url, description: process, process })), other];
    const chosen = await vscode.window.showQuickPick(items, { title: "Put a Proxy in Front of" });
    const url = chosen === other ? await askForAddress() : chosen?.label;
    if (!chosen || !url) return;
    const proxy = await engine.request("proxy/register", { url, process: chosen.process });
    this.tree.refresh();
    await browse(proxy.aliasUrl ?? proxy.proxyUrl);
  }

  async removeProxy({ engine, proxy }: ProxyRow): Promise<void> {
    await engine.request("proxy/unregister", { id: proxy.id });
    this.tree.refresh();
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}

/** The folder's engine, asked for if there are several. */
async function choose(engines: Engines): Promise<Engine | undefined> {
  if (engines.all.length < 2) return engines.all[0];
  const items = engines.all.map((engine) => ({ label: engine.folder.name, engine }));
  return (await vscode.window.showQuickPick(items, { title: "In which folder?" }))?.engine;
}

function askForAddress(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: "Put a Proxy in Front of",
    placeHolder: "http://localhost:5173",
    validateInput: (text) => (/^https?:\/\/[^/]/.test(text) ? undefined : "An address begins with http:// or https://"),
  });
}

async function copyAsCurl({ engine, request }: RequestRow): Promise<void> {
  const { command } = await engine.request("proxy/curl", { id: request.id });
  await vscode.env.clipboard.writeText(command);
  vscode.window.setStatusBarMessage("The request is in the clipboard, its secrets covered", 5000);
}

async function browse(url: string): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(url));
}

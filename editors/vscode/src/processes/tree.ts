// The tree of the processes view: folders if there are several, groups, what can be
// run, addresses. It asks the engines nothing but what they keep anyway.
import * as vscode from "vscode";
import type { Engine, Engines } from "../engine";
import { type Group, groups } from "./model";
import { addresses, type Node, row } from "./rows";
import { tooltip } from "./tooltip";
import type { Usage } from "./usage";

/** Changes are drawn together, once in so many ms. */
const drawMs = 50;

export class Tree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.emitter.event;
  /** what processes use, while somebody wants to see it */
  usage: Usage | undefined;
  private drawing: NodeJS.Timeout | undefined;
  private readonly attached: vscode.Disposable;

  constructor(private readonly engines: Engines) {
    const draw = () => this.draw();
    this.attached = vscode.Disposable.from(
      engines.onFolders(draw),
      engines.each((engine) =>
        vscode.Disposable.from(engine.onState(draw), engine.processes.onChange(draw), engine.scripts.onChange(draw)),
      ),
    );
  }

  /** Draws the tree anew, soon. */
  draw(): void {
    this.drawing ??= setTimeout(() => {
      this.drawing = undefined;
      this.emitter.fire();
    }, drawMs);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind !== "item" || !node.item.process) return row(node);
    const process = { ...node.item.process, ...this.usage?.of(node.engine, node.item.process) };
    return row({ ...node, item: { ...node.item, process } });
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.roots();
    if (node.kind === "folder") return this.groupsOf(node.engine);
    if (node.kind === "group") return node.group.items.map((item) => ({ kind: "item", engine: node.engine, item }));
    if (node.kind === "url") return [];
    const { process } = node.item;
    if (!process) return [];
    return addresses(process).map((url) => ({ kind: "url", engine: node.engine, process, url }));
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (node.kind === "item") item.tooltip = await tooltip(node.engine, node.item);
    return item;
  }

  dispose(): void {
    clearTimeout(this.drawing);
    this.attached.dispose();
    this.emitter.dispose();
  }

  /** Somebody looks: that is what a connection is for. */
  private async roots(): Promise<Node[]> {
    const { all } = this.engines;
    await Promise.all(
      all.filter(({ state }) => state.kind === "idle").map((engine) => engine.connect().catch(() => {})),
    );
    const [only] = all;
    if (only && all.length === 1) return this.groupsOf(only);
    return all.map((engine) => ({ kind: "folder", engine }));
  }

  private groupsOf(engine: Engine): Node[] {
    return groups(engine.scripts.all, engine.processes.all).map((group: Group) => ({ kind: "group", engine, group }));
  }
}

// The items of one workspace folder in the Testing view: for each process that has
// named tests its suites and tests, and what could be run to get some. It knows no
// results; those are runs.ts.
import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { Engine } from "../engine";
import type { Changes } from "../engine/mirror";
import { isOf } from "../processes/model";
import type { Location, Process, Script, TestCase } from "../protocol";
import { fileOf, pathOf, runsTests } from "./names";

/** What an item at the top stands for. */
export type Source = { process: string } | { script: Script };

export class Tree {
  private readonly tops = new Map<string, { item: vscode.TestItem; source: Source }>();
  private readonly tests = new Map<string, vscode.TestItem>();

  constructor(
    private readonly controller: vscode.TestController,
    private readonly engine: Engine,
  ) {}

  /** The item of a test. */
  item(test: string): vscode.TestItem | undefined {
    return this.tests.get(test);
  }

  /** The item of a process, made if there is none. */
  process(name: string): vscode.TestItem {
    return this.top(`process ${name}`, name, { process: name });
  }

  /** What the item is of, at the top of it; undefined if it is of another folder. */
  sourceOf(item: vscode.TestItem): Source | undefined {
    let top = item;
    while (top.parent) top = top.parent;
    const found = this.tops.get(top.id);
    return found?.item === top ? found.source : undefined;
  }

  /** The tests below an item, itself included. */
  below(item: vscode.TestItem): vscode.TestItem[] {
    const tests = new Set(this.tests.values());
    const all = (at: vscode.TestItem): vscode.TestItem[] => [
      at,
      ...[...at.children].flatMap(([, child]) => all(child)),
    ];
    return all(item).filter((at) => tests.has(at));
  }

  apply(changes: Changes<TestCase>): void {
    for (const id of changes.removed) this.remove(id);
    for (const test of changes.changed) this.add(test);
    this.offer();
  }

  /** Shows the scripts that run tests, as far as their tests are not shown already. */
  offer(): void {
    const wanted = new Map(
      this.engine.scripts.all
        .filter((script) => runsTests(script) && !this.engine.processes.all.some((p) => this.shows(p, script)))
        .map((script) => [this.id(`script ${script.id}`), script]),
    );
    for (const [id, { source }] of this.tops) if ("script" in source && !wanted.has(id)) this.drop(id);
    for (const script of wanted.values()) {
      const item = this.top(`script ${script.id}`, script.name, { script }, this.place(script));
      item.description = script.command;
      item.sortText = `2 ${script.name}`; // behind what has results
    }
  }

  dispose(): void {
    for (const id of [...this.tops.keys()]) this.drop(id);
    this.tests.clear();
  }

  private shows(process: Process, script: Script): boolean {
    return isOf(process, script) && this.tops.has(this.id(`process ${process.id}`));
  }

  private place(script: Script): vscode.TestItem["uri"] {
    return script.line === undefined ? undefined : vscode.Uri.joinPath(this.engine.folder.uri, script.source);
  }

  private id(of: string): string {
    return `${this.engine.folder.uri} ${of}`;
  }

  private top(of: string, label: string, source: Source, uri?: vscode.Uri): vscode.TestItem {
    const id = this.id(of);
    const there = this.tops.get(id);
    if (there) return there.item;
    const item = this.controller.createTestItem(id, label, uri);
    if ("script" in source && uri) item.range = lineRange((source.script.line ?? 1) - 1);
    if ((vscode.workspace.workspaceFolders?.length ?? 0) > 1) item.description = this.engine.folder.name;
    item.sortText = `1 ${label}`;
    this.tops.set(id, { item, source });
    this.controller.items.add(item);
    return item;
  }

  private drop(id: string): void {
    this.tops.delete(id);
    this.controller.items.delete(id);
  }

  /** Adds a test below its suites. A suite may be a test itself: Go's subtests have one. */
  private add(test: TestCase): void {
    const path = pathOf(test);
    let at = this.process(test.process);
    for (const part of path.slice(0, -1)) at = this.child(at, part);
    const there = this.child(at, path.at(-1) ?? test.name);
    this.tests.set(test.id, this.located(at, there, test));
  }

  private child(parent: vscode.TestItem, label: string): vscode.TestItem {
    const id = `${parent.id}\n${label}`;
    const there = parent.children.get(id);
    if (there) return there;
    const item = this.controller.createTestItem(id, label);
    parent.children.add(item);
    return item;
  }

  /** The item with the test's place. An item's file can't be changed, so one in another file is another item. */
  private located(parent: vscode.TestItem, item: vscode.TestItem, test: TestCase): vscode.TestItem {
    const uri = this.fileOf(test);
    if (!uri) return item; // where it failed once it still is
    let placed = item;
    if (item.uri?.toString() !== uri.toString()) {
      placed = this.controller.createTestItem(item.id, item.label, uri);
      placed.children.replace([...item.children].map(([, child]) => child));
      parent.children.add(placed);
    }
    if (test.location) placed.range = rangeOf(test.location);
    return placed;
  }

  private fileOf(test: TestCase): vscode.Uri | undefined {
    if (test.location) return vscode.Uri.file(test.location.file);
    const file = fileOf(test);
    if (file === undefined) return undefined;
    const cwd = this.engine.processes.find(test.process)?.cwd ?? this.engine.folder.uri.fsPath;
    return vscode.Uri.file(isAbsolute(file) ? file : join(cwd, file));
  }

  private remove(test: string): void {
    let item = this.tests.get(test);
    this.tests.delete(test);
    const kept = new Set(this.tests.values());
    while (item && item.children.size === 0 && !kept.has(item)) {
      const parent: vscode.TestItem | undefined = item.parent;
      if (parent) parent.children.delete(item.id);
      else this.drop(item.id);
      item = parent;
    }
  }
}

export function rangeOf(l: Location): vscode.Range {
  return new vscode.Range(l.line, l.character, l.endLine ?? l.line, l.endCharacter ?? l.character);
}

function lineRange(line: number): vscode.Range {
  return new vscode.Range(line, 0, line, 0);
}

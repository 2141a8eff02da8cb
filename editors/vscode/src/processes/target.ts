// What a command is about: the row, the reference or nothing that it was called
// with, made into an engine and the thing; with nothing, the user chooses.
import * as vscode from "vscode";
import type { Engine, Engines, ProcessRef, ScriptRef } from "../engine";
import { groups, type Item } from "./model";
import type { Node } from "./rows";
import { detailsOf, nameOf, stateOf } from "./words";

export interface Target extends Item {
  engine: Engine;
}

/** What menus, links and other features call a command with. */
export type Argument = Node | ProcessRef | ScriptRef | undefined;

/** The target of a command; undefined if the user has not chosen one. */
export async function targetOf(
  engines: Engines,
  argument: Argument,
  fits: (item: Item) => boolean,
  title: string,
): Promise<Target | undefined> {
  if (!argument) return choose(engines, fits, title);
  if ("kind" in argument) return argument.kind === "item" ? { engine: argument.engine, ...argument.item } : undefined;
  const engine = engines.of(vscode.Uri.parse(argument.folder));
  if (!engine) throw new Error(`The folder ${argument.folder} is not in this window.`);
  await engine.connect();
  const item = items(engine).find(
    ({ script, process }) =>
      ("process" in argument && process?.id === argument.process) ||
      ("script" in argument && script?.id === argument.script),
  );
  if (!item) throw new Error(`There is no ${"process" in argument ? argument.process : argument.script} any more.`);
  return { engine, ...item };
}

function items(engine: Engine): Item[] {
  return groups(engine.scripts.all, engine.processes.all).flatMap((group) => group.items);
}

async function choose(engines: Engines, fits: (item: Item) => boolean, title: string): Promise<Target | undefined> {
  await Promise.all(engines.all.map((engine) => engine.connect()));
  const picks = engines.all.flatMap((engine) =>
    items(engine)
      .filter(fits)
      .map((item) => pick(engine, item)),
  );
  if (picks.length === 0) {
    void vscode.window.showInformationMessage(`There is nothing for “${title}” at the moment.`);
    return undefined;
  }
  return (await vscode.window.showQuickPick(picks, { title, matchOnDescription: true }))?.target;
}

function pick(engine: Engine, item: Item): vscode.QuickPickItem & { target: Target } {
  const { script, process } = item;
  return {
    label: nameOf(item),
    description: [script?.source ?? process?.source, stateOf(process), ...detailsOf(process)].join(" · "),
    target: { engine, ...item },
  };
}

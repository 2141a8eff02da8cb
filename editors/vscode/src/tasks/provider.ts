// Everything that can be run as tasks of the type brummer: Run Task lists them, and
// tasks.json and launch.json (preLaunchTask) can name them.
import * as vscode from "vscode";
import type { Engine, Engines } from "../engine";
import type { Script } from "../protocol";
import { TaskTerminal } from "./terminal";

const type = "brummer";

/** What a task of this type says in tasks.json; package.json has it for people. */
interface Definition extends vscode.TaskDefinition {
  /** id or name of what is to be run */
  script: string;
  /** a name for the process; default: the script's */
  name?: string;
}

export function register(context: vscode.ExtensionContext, engines: Engines): void {
  context.subscriptions.push(
    vscode.tasks.registerTaskProvider(type, {
      provideTasks: () => provide(engines),
      resolveTask: (task) => resolve(engines, task),
    }),
  );
}

/** Lists what is known; a folder whose engine can't be reached has no tasks. */
async function provide(engines: Engines): Promise<vscode.Task[]> {
  if (vscode.workspace.getConfiguration("brummer-rpc").get("tasks.autoDetect") === "off") return [];
  const lists = engines.all.map(async (engine) => {
    await engine.connect();
    return engine.scripts.all.map((script) => taskOf(engine, { type, script: script.id }, script));
  });
  return (await Promise.allSettled(lists)).flatMap((list) => (list.status === "fulfilled" ? list.value : []));
}

/** Makes a task of tasks.json one that can be run: VS Code asks for that with its definition as it is. */
function resolve(engines: Engines, task: vscode.Task): vscode.Task | undefined {
  const definition = task.definition as Definition;
  const folder = typeof task.scope === "object" ? task.scope : undefined;
  const engine = folder ? engines.of(folder.uri) : engines.all[0];
  if (!definition.script || !engine) return undefined;
  const known = engine.scripts.all.find(({ id, name }) => definition.script === id || definition.script === name);
  return taskOf(engine, definition, known);
}

function taskOf(engine: Engine, definition: Definition, script: Script | undefined): vscode.Task {
  const execution = new vscode.CustomExecution(
    async (resolved) => new TaskTerminal(engine, { ...definition, ...(resolved as Definition) }),
  );
  const name = script?.id ?? definition.script;
  const task = new vscode.Task(definition, engine.folder, name, type, execution, "$brummer");
  task.isBackground = script !== undefined && lasts(script);
  task.group = script && groupOf(script.name);
  task.detail = script?.command;
  return task;
}

/** Names of what runs until it is stopped. tasks.json can say isBackground itself. */
const lasting = /(^|[:_-])(dev|start|serve|server|watch|preview|storybook)($|[:_-])/i;

function lasts({ group, name }: Script): boolean {
  return group === "procfile" || lasting.test(name);
}

function groupOf(name: string): vscode.TaskGroup | undefined {
  if (/^(build|compile)\b/i.test(name)) return vscode.TaskGroup.Build;
  return /^test\b/i.test(name) ? vscode.TaskGroup.Test : undefined;
}

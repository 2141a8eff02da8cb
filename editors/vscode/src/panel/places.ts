// Where a path that a line names is on this machine: as the engine has resolved
// it, below the folder that the process runs in, below the workspace folder, or
// the only file of the workspace that ends so.
import { posix } from "node:path";
import * as vscode from "vscode";
import type { Engine } from "../engine";
import type { Place } from "./messages";
import { candidates } from "./paths";

/** Finds the file of a place. */
export async function find(engine: Engine, place: Place): Promise<vscode.Uri | undefined> {
  const known = await resolved(engine, place);
  if (known) return known;
  for (const path of candidates(place.path, folders(engine, place.process))) {
    const uri = vscode.Uri.file(path);
    if (await isFile(uri)) return uri;
  }
  return bySuffix(engine, place.path);
}

/** What the engine has made of the line: it knows more of tools than a path says. */
async function resolved(engine: Engine, { process, seq, line, path }: Place): Promise<vscode.Uri | undefined> {
  const { problems } = await engine.request("problems/list", { process }).catch(() => ({ problems: [] }));
  const name = posix.basename(path.replaceAll("\\", "/"));
  const found = problems.find(
    (p) => p.seq === seq && p.resolved && p.location.line === line - 1 && p.location.file.endsWith(name),
  );
  return found && vscode.Uri.file(found.location.file);
}

function folders(engine: Engine, process: string): string[] {
  const cwd = engine.processes.find(process)?.cwd;
  const root = engine.folder.uri.fsPath;
  return cwd && cwd !== root ? [cwd, root] : [root];
}

async function bySuffix(engine: Engine, path: string): Promise<vscode.Uri | undefined> {
  const suffix = path.replaceAll("\\", "/").replace(/^(\.{0,2}\/)+/, "");
  if (/[*?{}[\]]/.test(suffix)) return undefined; // they mean something else in a pattern
  const pattern = new vscode.RelativePattern(engine.folder, `**/${suffix}`);
  const found = await vscode.workspace.findFiles(pattern, "**/node_modules/**", 2);
  return found.length === 1 ? found[0] : undefined;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    (s) => (s.type & vscode.FileType.File) !== 0,
    () => false,
  );
}

/** Opens a place in an editor beside the panel, or says why not. */
export async function open(engine: Engine, place: Place): Promise<string | undefined> {
  const uri = await find(engine, place);
  if (!uri) return `${place.path} is not in the folder of ${place.process} and not in ${engine.folder.name}.`;
  const at = new vscode.Position(Math.max(place.line - 1, 0), Math.max((place.column ?? 1) - 1, 0));
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), viewColumn: column() });
  return undefined;
}

/** An editor group that has editors already, so that the log stays in sight. */
function column(): vscode.ViewColumn {
  const beside = vscode.window.tabGroups.all.find((g) => !g.isActive);
  return beside?.viewColumn ?? vscode.ViewColumn.Beside;
}

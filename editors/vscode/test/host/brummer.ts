// The extension under test, as it gives itself to others.
import * as vscode from "vscode";
import type { Engine } from "../../src/engine";
import type { Exports } from "../../src/main";

export async function brummer(): Promise<Exports> {
  const extension = vscode.extensions.getExtension<Exports>("brummer-rpc.brummer-rpc");
  if (!extension) throw new Error("the extension is not there");
  return extension.activate();
}

/** The engine of the only folder. */
export async function engine(): Promise<Engine> {
  const { engines } = await brummer();
  const [only] = engines.all;
  if (!only) throw new Error("there is no engine: the window has no folder");
  return only;
}

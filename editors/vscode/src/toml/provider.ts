// Completion and hovers in brummer.toml, from the schema that the engine's own
// reader of the file generates. Mistakes in it are the engine's to tell: see problems.
import * as vscode from "vscode";
import { placeOf, split } from "./place";
import { description, keys, type Schema, values } from "./schema";

const files: vscode.DocumentFilter = { scheme: "file", pattern: "**/brummer.toml" };

export function register(context: vscode.ExtensionContext): void {
  let schema: Promise<Schema> | undefined;
  const load = () => {
    schema ??= read(vscode.Uri.joinPath(context.extensionUri, "schema", "brummer.schema.json"));
    return schema;
  };
  context.subscriptions.push(
    vscode.languages.registerCompletionItemProvider(
      files,
      { provideCompletionItems: async (document, position) => complete(await load(), document, position) },
      ...["[", ".", "=", " ", "{"],
    ),
    vscode.languages.registerHoverProvider(files, {
      provideHover: async (document, position) => hover(await load(), document, position),
    }),
  );
}

async function read(file: vscode.Uri): Promise<Schema> {
  return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}

function placeIn(document: vscode.TextDocument, position: vscode.Position) {
  const lines = Array.from({ length: position.line }, (_, i) => document.lineAt(i).text);
  return placeOf(lines, document.lineAt(position.line).text.slice(0, position.character));
}

function complete(schema: Schema, document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
  const { path, wants } = placeIn(document, position);
  if (wants === "value") {
    return values(schema, path).map((value) => new vscode.CompletionItem(value, vscode.CompletionItemKind.Value));
  }
  const offered = [...keys(schema, path)].filter(([, { type }]) => wants === "key" || type === "object");
  return offered.map(([key, of]) => {
    const item = new vscode.CompletionItem(key, vscode.CompletionItemKind.Property);
    item.documentation = of.description;
    if (wants === "key") item.insertText = `${key} = `;
    return item;
  });
}

function hover(schema: Schema, document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
  const word = document.getWordRangeAtPosition(position, /[A-Za-z0-9_-]+/);
  if (!word) return undefined;
  const { path, wants } = placeIn(document, word.start);
  if (wants === "value") return undefined;
  const said = description(schema, [...path, ...split(document.getText(word))]);
  return said ? new vscode.Hover(said, word) : undefined;
}

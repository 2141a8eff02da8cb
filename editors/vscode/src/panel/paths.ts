// Where a path that was written somewhere may be. It looks at no file.
import { homedir } from "node:os";
import { isAbsolute, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** candidates lists where a path may be, the likeliest first. */
export function candidates(path: string, folders: readonly string[]): string[] {
  if (path.startsWith("file://")) return [fileURLToPath(path)];
  if (/^~[\\/]/.test(path)) return [join(homedir(), path.slice(2))];
  if (isAbsolute(path)) return [normalize(path), ...folders.map((f) => join(f, path))]; // "/src/a.ts" may be a server's root
  return folders.map((f) => join(f, path));
}

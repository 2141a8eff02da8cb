// Where the brummer-rpc program is: the setting, else the one in the extension,
// else the PATH. It is asked for its version before it is used.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { protocol } from "../protocol";

const run = promisify(execFile);
const program = process.platform === "win32" ? "brummer-rpc.exe" : "brummer-rpc";

/** Where to look. */
export interface Places {
  /** the setting serverPath; empty if it does not say */
  setting: string;
  /** folder of the extension */
  extension: string;
  /** relative settings are relative to it */
  folder: string;
  /** the PATH */
  path: string;
}

export interface Binary {
  path: string;
  version: string;
}

/** Finds the program, or rejects with what to do. */
export async function findBinary(places: Places): Promise<Binary> {
  const path = await locate(places);
  return { path, version: await versionOf(path) };
}

async function locate(places: Places): Promise<string> {
  if (places.setting) {
    const path = isAbsolute(places.setting) ? places.setting : join(places.folder, places.setting);
    if (await executable(path)) return path;
    throw new Error(`${path}, which the setting brummer-rpc.serverPath names, is no program that can be run.`);
  }
  const candidates = [join(places.extension, "server"), ...places.path.split(delimiter).filter(isAbsolute)];
  for (const dir of candidates) {
    const path = join(dir, program);
    if (await executable(path)) return path;
  }
  throw new Error(
    `${program} is neither in this extension nor in the PATH. Install it, or set brummer-rpc.serverPath to where it is.`,
  );
}

async function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The program's version. A program that speaks another protocol is refused. */
async function versionOf(path: string): Promise<string> {
  let out: string;
  try {
    out = (await run(path, ["version", "--json"], { timeout: 10_000 })).stdout;
  } catch (error) {
    throw new Error(`${path} does not tell its version: ${error instanceof Error ? error.message : error}`);
  }
  const said = parse(out);
  if (!said) throw new Error(`${path} is not brummer-rpc: it calls its version ${JSON.stringify(out.slice(0, 100))}.`);
  if (said.protocol === protocol) return said.version;
  throw new Error(
    `${path} ${said.version} speaks version ${said.protocol} of the protocol, this extension version ${protocol}. Update the older of the two.`,
  );
}

function parse(out: string): { version: string; protocol: number } | undefined {
  try {
    const { version, protocol } = JSON.parse(out);
    return typeof version === "string" && typeof protocol === "number" ? { version, protocol } : undefined;
  } catch {
    return undefined;
  }
}

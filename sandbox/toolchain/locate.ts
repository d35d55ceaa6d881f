import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { askVersion } from "./ask.ts";
import type { ToolSpec } from "./types.ts";
import { compareVersions, fits, sayRange } from "./versions.ts";

/** Where Debian puts servers; not on every user's PATH. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

export interface Folders {
  /** From `DELIVERY_TOOLS_PATH`: a binary there that was built without its version is taken by its name. */
  readonly trusted: readonly string[];
  readonly others: readonly string[];
}

export interface Located {
  /** Absolute path of the first binary that fits. */
  readonly path?: string;
  /** What else bore the name and why it was not taken, as sentences. */
  readonly passedOver: readonly string[];
}

/** The folders that the environment names, in the order in which they are searched. */
export function searchFolders(env: NodeJS.ProcessEnv = process.env): Folders {
  const split = (value: string | undefined): string[] =>
    (value ?? "")
      .split(delimiter)
      .filter((folder) => folder !== "")
      .map((folder) => resolve(folder));
  return { trusted: split(env["DELIVERY_TOOLS_PATH"]), others: [...split(env["PATH"]), ...SYSTEM_FOLDERS] };
}

/** Looks for a tool in a version that fits: first in the trusted folders, then in the others. */
export async function locateTool(tool: ToolSpec, folders: Folders): Promise<Located> {
  const passedOver: string[] = [];
  const trusted = executables(folders.trusted, tool.name);
  const others = executables(folders.others, tool.name).filter((path) => !trusted.includes(path));
  for (const path of [...trusted, ...others]) {
    const version = await askVersion(path, tool.ask);
    if (fits(version, tool.fits) || (trusted.includes(path) && isUnstamped(version, tool))) {
      return { path, passedOver };
    }
    passedOver.push(`${path} is ${version ?? "of an unknown version"}, not ${sayRange(tool.fits)}`);
  }
  return { passedOver };
}

function isUnstamped(version: string | undefined, tool: ToolSpec): boolean {
  if (version === undefined || tool.unstamped === undefined) return false;
  return compareVersions(version, tool.unstamped) === 0;
}

/** Each once, though `/bin` and `/usr/bin` may be one folder. */
function executables(folders: readonly string[], name: string): string[] {
  const paths = folders.map((folder) => join(folder, name)).filter(isExecutable);
  const real = paths.map((path) => realpathSync(path));
  return paths.filter((_, index) => real.indexOf(real[index] ?? "") === index);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

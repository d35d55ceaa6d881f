import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./files.ts";

/** How long a plugin may take to start and say its version, in milliseconds. */
export const ASK_TIMEOUT_MS = 15_000;

/**
 * The versions that plugins say they have, in the order of the paths; undefined for one that does not answer.
 * An answer is kept in the folder as long as the file stays the same, so that only the first set-up asks.
 */
export async function readPluginVersions(
  folder: string,
  paths: readonly string[],
): Promise<(string | undefined)[]> {
  const memory = join(folder, "plugin-versions.json");
  const known = readKnown(memory);
  const versions = await Promise.all(paths.map((path) => known[identity(path)] ?? ask(path)));
  const answered = paths.map((path, index) => [identity(path), versions[index]]);
  writeWhole(memory, JSON.stringify(Object.fromEntries(answered), null, 2));
  return versions;
}

/** Another file under the same path has another size or time. */
function identity(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
}

function readKnown(path: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

/** Loaded late: gRPC and the stubs are not needed when all is known. */
async function ask(path: string): Promise<string | undefined> {
  const { askPlugin } = await import("../toolchain/ask-plugin.ts");
  return askPlugin(path, ASK_TIMEOUT_MS);
}

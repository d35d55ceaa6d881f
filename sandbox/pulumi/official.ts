import { closeSync, openSync, readSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The first bytes of a script. The official plugins are binaries; a sandbox's stand-in is a script. */
const SCRIPT = "#!";

/**
 * The official plugin in the user's own Pulumi home; undefined when it is not installed. A sandbox's stand-in
 * is not taken for it, though `PULUMI_HOME` may name the home of a sandbox.
 */
export function locateOfficialPlugin(
  name: string,
  version: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const home = env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi");
  const path = join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
  return isBinary(path) ? path : undefined;
}

function isBinary(path: string): boolean {
  try {
    const file = openSync(path, "r");
    const start = Buffer.alloc(SCRIPT.length);
    readSync(file, start);
    closeSync(file);
    return start.toString() !== SCRIPT;
  } catch {
    return false;
  }
}

import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { run } from "../../../sandbox/processes/index.ts";

const CONTENT_BYTES = 500_000;

/**
 * A build context of some commands of this machine, with the libraries that they need, and a file that no registry
 * and no cache has.
 *
 * @param steps lines of the Dockerfile after `COPY`
 */
export async function writeContext(
  dir: string,
  commands: readonly string[],
  steps: readonly string[],
): Promise<string> {
  for (const command of commands) {
    copy(command, join(dir, "root", "bin", basename(command)));
    const libraries = (await run("ldd", [command])).matchAll(/(\/\S+) \(0x/g);
    for (const [, library = ""] of libraries) copy(library, join(dir, "root", library));
  }
  mkdirSync(join(dir, "root"), { recursive: true });
  writeFileSync(join(dir, "root", "content"), randomBytes(CONTENT_BYTES));
  writeFileSync(join(dir, "Dockerfile"), ["FROM scratch", "COPY root /", ...steps, ""].join("\n"));
  return dir;
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

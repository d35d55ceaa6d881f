import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version of this package. */
export function version(): string {
  const { version: text } = JSON.parse(readFileSync(manifestAbove(__dirname), "utf8")) as {
    readonly version: string;
  };
  return text;
}

function manifestAbove(folder: string): string {
  const path = join(folder, "package.json");
  return existsSync(path) ? path : manifestAbove(dirname(folder));
}

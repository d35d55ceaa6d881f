import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The folders that may have the stacks' files, beside `Pulumi.yaml`. Which it is, is not worth reading YAML for. */
const FOLDERS = [".", "stacks"];
const STACK_FILE = /^Pulumi\.(.+)\.ya?ml$/;
/** The stack that builds is no environment. */
const BUILD = "build";

/** Environments that have a file, without loading the pipeline: a shell asks at each press of its key. */
export function environmentNames(root: string): string[] {
  const files = FOLDERS.map((folder) => join(root, folder)).flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder) : [],
  );
  const names = files.flatMap((file) => STACK_FILE.exec(file)?.[1] ?? []);
  return [...new Set(names)].filter((name) => name !== BUILD).sort();
}

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The lock files of npm, which is the package manager that can install a release's own packages. */
export const NPM_LOCKS: readonly string[] = ["npm-shrinkwrap.json", "package-lock.json"];
const LOCKS = [...NPM_LOCKS, "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"];

/** A lock file of a checkout. */
export interface LockFile {
  /** The folder that it is in, from the checkout's uppermost one. */
  readonly folder: string;
  readonly name: string;
  readonly bytes: Buffer;
}

/** The folder and those above it, to the uppermost one, which is `""`. Paths are relative, with `/` between. */
export function foldersUpFrom(folder: string): string[] {
  if (folder === "" || folder === ".") return [""];
  const above = dirname(folder);
  return [folder, ...foldersUpFrom(above === "." ? "" : above)];
}

/** The lock file that holds for a folder of a checkout: the nearest one in it or above. */
export function findLockFile(top: string, folder: string): LockFile | undefined {
  for (const each of foldersUpFrom(folder)) {
    const name = LOCKS.find((lock) => existsSync(join(top, each, lock)));
    if (name !== undefined) return { folder: each, name, bytes: readFileSync(join(top, each, name)) };
  }
  return undefined;
}

/** Whether two checkouts have the same packages. */
export function isSameLock(a: LockFile | undefined, b: LockFile | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.folder === b.folder && a.name === b.name && a.bytes.equals(b.bytes);
}

import { readList, scanRepositories } from "../git/state/index.ts";
import type { DeployKey } from "../git/state/index.ts";

/** A deploy key and the bare repository that it opens. */
export interface KnownKey extends DeployKey {
  /** "owner/name" */
  readonly repository: string;
  readonly dir: string;
}

/**
 * Every deploy key, from the server's files. It is what each connection starts with, so it loads nothing of the
 * server itself: that alone would take a second on a busy machine.
 */
export function knownKeys(root: string): KnownKey[] {
  return scanRepositories(root).flatMap(({ owner, name, dir }) =>
    readList(dir, "keys").map((key) => ({ ...key, dir, repository: `${owner}/${name}` })),
  );
}

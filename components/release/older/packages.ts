import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environment";
import { Mistake } from "../../mistake";
import type { Say } from "./args";
import { installInCache, installInPlace } from "./install";
import { NPM_LOCKS, findLockFile, foldersUpFrom, isSameLock } from "./lock-file";

/** Two checkouts of one repository: the one that is run from, and one of another commit. */
export interface Checkouts {
  readonly here: string;
  readonly there: string;
  /** The folder whose code is run, from the uppermost one. */
  readonly folder: string;
}

/** Where packages come from when they have to be installed. */
export interface InstallPlaces {
  readonly cache: string;
  readonly system: Environment;
  readonly say: Say;
}

/**
 * Gives a checkout its packages: those of the running one when the lock files are the same or there is none, else an
 * installation of its own.
 *
 * @throws Mistake when they cannot be installed.
 */
export async function providePackages(checkouts: Checkouts, places: InstallPlaces): Promise<void> {
  const { here, there, folder } = checkouts;
  const lock = findLockFile(there, folder);
  if (lock === undefined || isSameLock(findLockFile(here, folder), lock)) return linkPackages(checkouts);
  const path = join(lock.folder, lock.name);
  if (!NPM_LOCKS.includes(lock.name)) {
    throw new Mistake("Installing its packages", [
      `its ${path} is not that of this checkout, and of another commit only npm's packages can be installed here`,
    ]);
  }
  places.say(`its ${path} is not that of this checkout: its packages are installed`);
  const installed = await installInCache(there, lock, places);
  if (!installed) await installInPlace(there, lock, places);
}

function linkPackages({ here, there, folder }: Checkouts): void {
  for (const each of foldersUpFrom(folder)) {
    const [target, link] = [join(here, each, "node_modules"), join(there, each, "node_modules")];
    if (existsSync(target) && existsSync(join(there, each)) && !existsSync(link))
      symlinkSync(target, link, "dir");
  }
}

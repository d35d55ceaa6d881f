import { createHash, randomUUID } from "node:crypto";
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "../../environment";
import { canonicalJson } from "../../manifests";
import { hashListed, listFiles } from "../../source/files";
import type { ReleaseRequest } from "./args";

/** What nobody has used for so long is removed, in milliseconds. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/** Where this library keeps what it can make again. Source: XDG Base Directory Specification. */
export function cacheFolder({ XDG_CACHE_HOME, HOME }: Environment): string {
  const named = XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : undefined;
  return join(named ?? join(HOME ?? homedir(), ".cache"), "pulumi-delivery");
}

/**
 * The names under which the files of clusters are kept: a hash of all that they follow from. The library is part of
 * it, since a release whose lock file is that of the checkout is rendered by the library that runs.
 */
export function renderKeys(request: ReleaseRequest, lockFile: string): (cluster: string) => string {
  const { app, release, environment, namespace, settings } = request;
  const place = join(__dirname, "..", "..");
  // Git may ignore where the library is installed, so nothing is left out.
  const library = hashListed(place, listFiles(place, ["**/*.{js,ts}"]));
  const given = { app, release, environment, namespace, settings, lockFile, library };
  return (cluster) =>
    createHash("sha256")
      .update(canonicalJson({ ...given, cluster }))
      .digest("hex");
}

/** Files by name, if they are kept under that key. */
export function readKept(folder: string, key: string): Readonly<Record<string, string>> | undefined {
  const path = join(folder, "renders", `${key}.json`);
  try {
    const files = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, string>>;
    touch(path);
    return files;
  } catch {
    return undefined;
  }
}

/** Keeps files under a key. They can be made again, so a folder that cannot be written is no problem. */
export function keep(folder: string, key: string, files: Readonly<Record<string, string>>): void {
  const renders = join(folder, "renders");
  const path = join(renders, `${key}.json`);
  try {
    mkdirSync(renders, { recursive: true, mode: 0o700 });
    removeUnused(renders);
    const fresh = `${path}.${randomUUID()}`;
    writeFileSync(fresh, JSON.stringify(files), { mode: 0o600, flag: "wx" });
    renameSync(fresh, path);
  } catch {
    // It is rendered again next time.
  }
}

/** Says that an entry was used. */
export function touch(path: string): void {
  const now = new Date();
  utimesSync(path, now, now);
}

/** Removes entries of a folder that nobody has used for long. */
export function removeUnused(folder: string, now = Date.now()): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > MAX_AGE_MS) rmSync(path, { recursive: true, force: true });
  }
}

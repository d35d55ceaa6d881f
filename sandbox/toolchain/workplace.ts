import { existsSync, mkdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "../paths.ts";
import { isAlive, listRecords, removeRecord, signalGroup, tryRun } from "../processes/index.ts";
import { GO_BUILD_ENV } from "./cache.ts";

/** Below the cache root, so that what is finished here gets to its place by a rename. */
const workRoot = (): string => join(cacheRoot(), "build");

/** Records of running builds, so that the next run can end those that a killed one left behind. */
export const recordsFolder = workRoot;

/** An empty folder for half-made things. Made again by each call. */
export function scratchFolder(name: string): string {
  const folder = join(workRoot(), "tmp", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}

interface GoCache {
  readonly path: string;
  /** Named by the user, who keeps it. */
  readonly theirs: boolean;
}

function goCache(named: string | undefined, folder: string): GoCache {
  return { path: named || join(workRoot(), folder), theirs: Boolean(named) };
}

function goCaches(): Record<"GOCACHE" | "GOMODCACHE", GoCache> {
  const { DELIVERY_GOCACHE, DELIVERY_GOMODCACHE } = process.env;
  return {
    GOCACHE: goCache(DELIVERY_GOCACHE, "go-cache"),
    GOMODCACHE: goCache(DELIVERY_GOMODCACHE, "go-mod"),
  };
}

/** The environment of every `go` command here. A user's workspace, target or flags do not get in. */
export function goEnv(): NodeJS.ProcessEnv {
  const { GOCACHE, GOMODCACHE } = goCaches();
  const ours = { ...GO_BUILD_ENV, GOWORK: "off", GOCACHE: GOCACHE.path, GOMODCACHE: GOMODCACHE.path };
  return { ...process.env, GOOS: undefined, GOARCH: undefined, GO111MODULE: undefined, ...ours };
}

/**
 * Ends what a killed set-up left running and removes its half-made files. Go's caches stay: they are what
 * the next build goes on from. Call it with the lock held: then every record here is a leftover.
 */
export function clearLeftovers(): void {
  for (const record of listRecords(recordsFolder())) {
    if (isAlive(record)) signalGroup(record.pid, "SIGKILL");
    removeRecord(recordsFolder(), record.name);
  }
  rmSync(join(workRoot(), "tmp"), { recursive: true, force: true });
}

/** Removes Go's caches of a complete build, unless `DELIVERY_KEEP_BUILD_CACHE=1` or they are the user's. */
export async function removeGoCaches(): Promise<void> {
  if (process.env["DELIVERY_KEEP_BUILD_CACHE"] === "1") return;
  const { GOCACHE, GOMODCACHE } = goCaches();
  if (!GOCACHE.theirs) await rm(GOCACHE.path, { recursive: true, force: true });
  if (GOMODCACHE.theirs || !existsSync(GOMODCACHE.path)) return;
  // Go makes what it downloads read-only, folders too: only Go itself removes it without changing modes first.
  await tryRun("go", ["clean", "-modcache"], { env: goEnv() });
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { cacheRoot } from "../paths.ts";

/** How long a lock outlives a set-up that was killed, in milliseconds. */
export const LOCK_STALE_MS = 15_000;
const POLL_MS = 500;

export interface LockSettings {
  readonly signal: AbortSignal;
  /** Called once, when another set-up has the lock. */
  readonly onWait: () => void;
}

/**
 * Lets one set-up at a time make something in the cache, of all that use it. Whoever comes second finds it made.
 * One lock for all parts: builds of two set-ups would only take memory and processors from each other.
 */
export async function withLock<T>(
  settings: LockSettings,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const release = await takeLock(settings, lost);
  try {
    return await work(AbortSignal.any([settings.signal, lost.signal]));
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function takeLock(settings: LockSettings, lost: AbortController): Promise<() => Promise<void>> {
  const folder = cacheRoot();
  mkdirSync(folder, { recursive: true });
  for (let waited = false; ; waited = true) {
    settings.signal.throwIfAborted();
    const release = await tryLock(folder, lost);
    if (release !== undefined) return release;
    if (!waited) settings.onWait();
    await sleep(POLL_MS, undefined, { signal: settings.signal });
  }
}

async function tryLock(folder: string, lost: AbortController): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lockfile.lock(folder, {
      lockfilePath: join(folder, "build.lock"),
      stale: LOCK_STALE_MS,
      onCompromised: (error) => lost.abort(error),
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOCKED") return undefined;
    throw error;
  }
}

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./report.mjs";

const POLL_MS = 50;
/** Somebody who only looks whether there is anything to do is done before. */
const SAY_AFTER_MS = 1000;

/**
 * Lets one process at a time do the work. A lock whose process is gone counts for nothing.
 * (The package that the sandbox uses for this is not installed yet when this runs.)
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  const sayAt = performance.now() + SAY_AFTER_MS;
  for (let said = false; !tryLock(path);) {
    if (!said && performance.now() > sayAt) {
      say("another set-up of this checkout is at work; waiting for it");
      said = true;
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function tryLock(path) {
  const owner = ownerOf(path);
  if (owner !== undefined && !isAlive(owner)) rmSync(path, { force: true });
  // Written whole under another name first: nobody reads a lock without its owner.
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, identityOf(process.pid) ?? "");
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @param {string} path */
function ownerOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** @param {string} identity */
export function isAlive(identity) {
  return identityOf(Number.parseInt(identity, 10)) === identity;
}

/** Process id and start time: an id that was given to another process has another time. See proc(5). @param {number} pid */
export function identityOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return `${pid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return undefined;
  }
}

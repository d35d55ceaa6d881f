import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identityOf, isAlive } from "./lock.mjs";

/**
 * Notes that this process runs a script of the checkout, until the function that it returns is called. A process that
 * was killed counts for nothing.
 *
 * @param {string} folder has a file for each such process
 * @param {string} script
 * @returns {() => void}
 */
export function register(folder, script) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, String(process.pid));
  writeFileSync(path, `${identityOf(process.pid) ?? ""}\n${script}`);
  return () => rmSync(path, { force: true });
}

/**
 * The scripts of the checkout that run now, as `npm test (process 4711)` would be said.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function running(folder) {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).flatMap((pid) => {
    const path = join(folder, pid);
    const [identity = "", script = ""] = read(path).split("\n");
    if (isAlive(identity)) return [`${script} (process ${pid})`];
    rmSync(path, { force: true });
    return [];
  });
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

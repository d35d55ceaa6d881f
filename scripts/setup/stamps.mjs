import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * A hash of files and folders: of what is in them and of their names, not of their times.
 *
 * @param {string} root
 * @param {readonly string[]} names files or folders below `root`; one that is not there counts as such
 */
export function hashOf(root, names) {
  const sha = createHash("sha256");
  for (const path of names.flatMap((name) => filesOf(join(root, name)))) {
    const content = existsSync(path) ? readFileSync(path) : "missing";
    sha.update(JSON.stringify([relative(root, path), content.length])).update(content);
  }
  return sha.digest("hex");
}

/** @param {string} path @returns {string[]} */
function filesOf(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

/** @param {string} stamp @param {string} hash */
export function isCurrent(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

/** @param {string} stamp @param {string} hash */
export function writeStamp(stamp, hash) {
  writeFileSync(stamp, hash);
}

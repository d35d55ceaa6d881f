import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * Why a file is not the one that was pinned; undefined when it is.
 *
 * @param {string} path
 * @param {string} integrity one hash as npm writes it, `sha512-…`. See https://www.w3.org/TR/SRI/
 * @returns {string | undefined}
 */
export function integrityProblem(path, integrity) {
  const [algorithm = "", wanted] = integrity.split(/-(.*)/s);
  const found = createHash(algorithm).update(readFileSync(path)).digest("base64");
  if (found === wanted) return undefined;
  return `the download is not the one that was pinned (it has ${algorithm}-${found}, not ${integrity}). Nothing of it was used; run again, and if it stays so find out who changed it.`;
}

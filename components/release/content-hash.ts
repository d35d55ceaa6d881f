import { createHash } from "node:crypto";
import { canonicalJson } from "../manifests";

/**
 * SHA-256 in hex of what a cluster is told to run: the ordered list without the record and without anything
 * that a way of delivery adds. Push and pull of the same list have the same hash.
 */
export function contentHash(objects: readonly unknown[]): string {
  return createHash("sha256").update(canonicalJson(objects)).digest("hex");
}

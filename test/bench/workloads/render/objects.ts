import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { canonicalJson } from "pulumi-delivery";

/** Every object of the YAML files below a folder. */
export function objectsBelow(folder: string): object[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".yaml"),
  );
  return files.sort().flatMap((name) => objectsIn(readFileSync(join(folder, name), "utf8")));
}

/** Every object of a text. */
export function objectsIn(text: string): object[] {
  return (loadAll(text) as (object | null)[]).filter((object) => object !== null);
}

/**
 * Compares two renders for what they mean.
 *
 * @throws when one has an object that the other has not.
 */
export function assertSameObjects(who: string, ours: readonly object[], theirs: readonly object[]): void {
  const [own, other] = [ours, theirs].map((objects) => new Set(objects.map(canonicalJson)));
  const missing = [...own!].filter((object) => !other!.has(object));
  const foreign = [...other!].filter((object) => !own!.has(object));
  if (ours.length === theirs.length && missing.length === 0 && foreign.length === 0) return;
  throw new Error(
    `${who} renders other objects: ${theirs.length} for our ${ours.length}; ` +
      `not there: ${missing[0] ?? "none"}; only there: ${foreign[0] ?? "none"}`,
  );
}

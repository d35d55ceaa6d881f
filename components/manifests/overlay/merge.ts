import { isLate } from "../late";
import { isFields } from "../yaml";

/** An object by its fields, of which nothing is known. */
type Fields = Readonly<Record<string, unknown>>;

/** What a map or an item of a list says about itself. Source: Kubernetes, "Strategic Merge Patch". */
export const DIRECTIVE = "$patch";
export const DIRECTIVES = ["delete", "replace", "merge"];

/**
 * By which fields items of built-in lists are told apart; the first one that the patch's items have is taken. Lists of
 * other names are replaced. Source: the merge keys in the API reference of Kubernetes 1.36.
 */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  imagePullSecrets: ["name"],
  secrets: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey"],
  ports: ["containerPort", "port"],
};
const DEFAULT_PROTOCOL = "TCP";

/** How lists are merged: by the keys of built-in kinds, or replaced, as custom kinds have it. */
export type ListMerge = "by key" | "replace";

/**
 * A value with a patch over it: maps field by field, `null` takes a field away, lists by the key of their items where
 * they have one (new items come last), and everything else is replaced. Both stay as they are.
 */
export function merged(base: unknown, patch: unknown, lists: ListMerge): unknown {
  if (!isFields(patch) || isLate(patch)) return patch;
  const { [DIRECTIVE]: directive, ...fields } = patch;
  const own: Fields = isFields(base) && !isLate(base) && directive !== "replace" ? base : {};
  const kept = Object.entries(own).filter(([key]) => !Object.hasOwn(fields, key));
  const changed = Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined && !isDeleted(value))
    .map(([key, value]) => {
      const before = Object.hasOwn(own, key) ? own[key] : undefined;
      return [
        key,
        Array.isArray(value) ? mergedList(before, value, { key, lists }) : merged(before, value, lists),
      ];
    });
  // Entries become own fields whatever their names: "__proto__" is one like any other.
  return Object.fromEntries([...kept, ...changed]) as Fields;
}

const isDeleted = (value: unknown): boolean => isFields(value) && value[DIRECTIVE] === "delete";

function mergedList(
  base: unknown,
  patch: readonly unknown[],
  { key, lists }: { readonly key: string; readonly lists: ListMerge },
): unknown {
  const fresh = (): unknown[] =>
    patch.filter((item) => !isDeleted(item)).map((item) => merged(undefined, item, lists));
  const keys = lists === "by key" && Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (keys === undefined || !Array.isArray(base)) return fresh();
  if (patch.some((item) => isFields(item) && item[DIRECTIVE] === "replace")) {
    return patch.filter((item) => !(isFields(item) && item[DIRECTIVE] === "replace"));
  }
  const identify = (item: unknown): string | undefined => identityOf(item, keys);
  if (patch.some((item) => identify(item) === undefined)) return fresh();
  const changes = new Map(patch.map((item) => [identify(item), item]));
  const items = (base as unknown[]).flatMap((item) => {
    const change = changes.get(identify(item));
    if (change === undefined) return [item];
    return isDeleted(change) ? [] : [merged(item, change, lists)];
  });
  const known = new Set((base as unknown[]).map(identify));
  const added = patch.filter((item) => !known.has(identify(item)) && !isDeleted(item));
  return [...items, ...added.map((item) => merged(undefined, item, lists))];
}

/** Two ports of one number differ by their protocol. */
function identityOf(item: unknown, keys: readonly string[]): string | undefined {
  if (!isFields(item)) return undefined;
  const key = keys.find((name) => ["string", "number"].includes(typeof item[name]));
  if (key === undefined) return undefined;
  const protocol = key.toLowerCase().endsWith("port") ? String(item["protocol"] ?? DEFAULT_PROTOCOL) : "";
  return `${key}=${String(item[key])}/${protocol}`;
}

import { resolve, sep } from "node:path";
import { libraries } from "../libraries";

/** The fields of one entry. */
export type Entry = Readonly<Record<string, unknown>>;

/** Kubeconfigs as `kubectl` sees them together. */
export interface Kubeconfig {
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly currentContext: string | undefined;
}

/**
 * Reads kubeconfigs and merges them as `kubectl` does: of each name the first entry wins.
 *
 * @param folders those of the files that the texts are from, which files are named relative to
 * @throws when one of them is malformed, or all of them are empty. The error may have lines of them, so it is not
 *   for showing.
 */
export function mergeKubeconfigs(texts: readonly string[], folders: readonly string[] = []): Kubeconfig {
  const merged = merge(texts.map((text, index) => parseKubeconfig(text, folders[index])));
  if (merged.contexts.size + merged.clusters.size + merged.users.size === 0) throw new Error("no kubeconfig");
  return merged;
}

function parseKubeconfig(text: string, folder: string | undefined): Kubeconfig {
  // A warning would be printed with the line that it is about.
  const value: unknown = libraries.yaml.parse(text, { maxAliasCount: 0, logLevel: "error" }) ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw new Error("no kubeconfig");
  const fields = value as Entry;
  const current = fields["current-context"];
  return {
    contexts: named(fields.contexts, "context"),
    clusters: located(named(fields.clusters, "cluster"), folder),
    users: located(named(fields.users, "user"), folder),
    currentContext: typeof current === "string" && current !== "" ? current : undefined,
  };
}

function named(list: unknown, field: string): Map<string, Entry> {
  const items = (list ?? []) as Entry[];
  return new Map(items.map((item) => [String(item.name), (item[field] ?? {}) as Entry]));
}

/** Fields of a cluster or a user that name a file. */
export const FILE_FIELDS = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** Files that an entry names relative to its own file; its program, too, unless that is looked for on PATH. */
function located(
  entries: ReadonlyMap<string, Entry>,
  folder: string | undefined,
): ReadonlyMap<string, Entry> {
  if (folder === undefined) return entries;
  const absolute = (entry: Entry): Entry => {
    const named = FILE_FIELDS.filter((field) => typeof entry[field] === "string" && entry[field] !== "");
    const files = named.map((field) => [field, resolve(folder, entry[field] as string)] as const);
    return { ...entry, ...Object.fromEntries(files), ...locatedProgram(entry.exec, folder) };
  };
  return new Map([...entries].map(([name, entry]) => [name, absolute(entry)]));
}

/** Source: Kubernetes, "client-go credential plugins: Configuration". */
function locatedProgram(exec: unknown, folder: string): Entry {
  const { command } = (exec ?? {}) as Entry;
  if (typeof command !== "string" || !command.includes(sep)) return {};
  return { exec: { ...(exec as Entry), command: resolve(folder, command) } };
}

function merge(configs: readonly Kubeconfig[]): Kubeconfig {
  const union = (field: "contexts" | "clusters" | "users"): Map<string, Entry> =>
    new Map(configs.toReversed().flatMap((config) => [...config[field]]));
  const currentContext = configs.map((config) => config.currentContext).find((name) => name !== undefined);
  return { contexts: union("contexts"), clusters: union("clusters"), users: union("users"), currentContext };
}

import type { ClusterFiles, FileTexts, LedgerEntry } from "../ledger";
import { parseYaml } from "../manifests/yaml";
import { Mistake } from "../mistake";
import { recordName } from "../release";

/** What one cluster has been told to run, as its record says. */
export interface Running {
  /** Id of the release. */
  readonly release: string;
  /** The commit it was made from; undefined when no pipeline has made it. */
  readonly commit: string | undefined;
  readonly contentHash: string;
  /** Hash of the settings that it was rendered with; undefined without any. */
  readonly settings: string | undefined;
  /** When it was told; undefined when it is not known from a ledger. */
  readonly since: Date | undefined;
}

/** What each cluster has been told to run; a folder without a record, as after an edit by hand, is left out. */
export function runningOf(
  app: string,
  clusters: ClusterFiles,
  history: readonly LedgerEntry[],
): ReadonlyMap<string, Running> {
  const found = [...clusters].flatMap(([cluster, files]) => {
    const data = recordData(app, files);
    if (data === undefined) return [];
    const since = history.find((entry) => entry.clusters.includes(cluster))?.time;
    return [[cluster, readRecord(data, since)] as const];
  });
  return new Map(found);
}

/** The record of a cluster, from the data of its ConfigMap. */
export function readRecord(data: Readonly<Record<string, unknown>>, since?: Date): Running {
  const text = (name: string): string | undefined =>
    typeof data[name] === "string" ? data[name] : undefined;
  return {
    release: text("release") ?? "",
    commit: text("commit"),
    contentHash: text("contentHash") ?? "",
    settings: text("settings"),
    since,
  };
}

function recordData(app: string, files: FileTexts): Readonly<Record<string, unknown>> | undefined {
  const end = `_${recordName(app)}.yaml`;
  const file = [...files].find(([path]) => path.startsWith("core_configmap_") && path.endsWith(end));
  if (file === undefined) return undefined;
  try {
    const [object] = parseYaml(file[1], { origin: file[0] }) as { data?: Record<string, unknown> }[];
    return object?.data;
  } catch (error) {
    if (error instanceof Mistake) return undefined;
    throw error;
  }
}

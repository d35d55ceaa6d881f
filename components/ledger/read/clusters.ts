import type { FileTexts } from "./content";

/** Has a folder for each cluster with exactly what that cluster has been told to run. */
export const CLUSTERS_FOLDER = "clusters";

/** The folder of a cluster on a ledger's branch. */
export function clusterFolder(cluster: string): string {
  return `${CLUSTERS_FOLDER}/${cluster}`;
}

/** Files of each cluster, by paths in its folder. */
export type ClusterFiles = ReadonlyMap<string, FileTexts>;

export function byCluster(files: FileTexts): ClusterFiles {
  const clusters = new Map<string, Map<string, string>>();
  for (const [path, text] of files) {
    const [, cluster = "", ...rest] = path.split("/");
    if (rest.length === 0) continue;
    const known = clusters.get(cluster) ?? new Map<string, string>();
    clusters.set(cluster, known.set(rest.join("/"), text));
  }
  return clusters;
}

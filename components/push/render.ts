import { checkManifests } from "../manifests";
import type { Manifest } from "../manifests";
import { renderObjects } from "../release";
import type { PushDeliveryPlan } from "./args";

/** What each cluster is told to run, by its name, without the record. */
export type ClusterObjects = ReadonlyMap<string, readonly Manifest[]>;

/** The objects of every cluster and every problem in them; a problem that all clusters share is said once. */
export function renderClusters(plan: PushDeliveryPlan): {
  objects: ClusterObjects;
  problems: readonly string[];
} {
  const clusters = plan.waves.flatMap((wave) => wave.clusters.map(({ name }) => name));
  const { manifests } = plan;
  if (typeof manifests !== "function") {
    const problems = checkManifests(manifests, plan);
    const objects = problems.length > 0 ? [] : renderObjects(manifests, plan);
    return { objects: new Map(clusters.map((name) => [name, objects])), problems };
  }
  const lists = clusters.map((name) => ({ name, list: manifests(name) }));
  const problems = lists.flatMap(({ name, list }) =>
    checkManifests(list, plan).map((problem) => `cluster ${JSON.stringify(name)}: ${problem}`),
  );
  if (problems.length > 0) return { objects: new Map(), problems };
  return { objects: new Map(lists.map(({ name, list }) => [name, renderObjects(list, plan)])), problems };
}

import { checkManifests, objectTitle } from "../manifests";
import type { Manifest } from "../manifests";
import { renderObjects } from "../release";
import type { PushDeliveryPlan } from "./args";
import { clusterList } from "./cluster-list";
import type { ClusterList } from "./cluster-list";

/** What each cluster is told to run, by its name. */
export type ClusterLists = ReadonlyMap<string, ClusterList>;

/** The list of every cluster and every problem in them; a problem that all clusters share is said once. */
export function renderClusters(plan: PushDeliveryPlan): { lists: ClusterLists; problems: readonly string[] } {
  const clusters = plan.waves.flatMap((wave) => wave.clusters.map(({ name }) => name));
  const { manifests } = plan;
  if (typeof manifests !== "function") {
    const problems = checkList(plan, manifests);
    const render = (): ClusterList => clusterList(plan, renderObjects(manifests, plan));
    return {
      lists: problems.length > 0 ? new Map() : new Map(clusters.map((name) => [name, render()])),
      problems,
    };
  }
  const rendered = clusters.map((name) => ({ name, list: manifests(name) }));
  const problems = rendered.flatMap(({ name, list }) =>
    checkList(plan, list).map((problem) => `cluster ${JSON.stringify(name)}: ${problem}`),
  );
  if (problems.length > 0) return { lists: new Map(), problems };
  const lists = rendered.map(
    ({ name, list }) => [name, clusterList(plan, renderObjects(list, plan))] as const,
  );
  return { lists: new Map(lists), problems };
}

function checkList(plan: PushDeliveryPlan, manifests: readonly Manifest[]): string[] {
  const problems = checkManifests(manifests, plan);
  if (problems.length > 0 || plan.ledger === undefined) return problems;
  const secrets = manifests.filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Secret");
  return secrets.map(
    (secret) => `${objectTitle(secret)} would be published to the ledger in plain text; ${SECRET_FIX}`,
  );
}

const SECRET_FIX = "make it beside the delivery, and let the manifests refer to it by name";

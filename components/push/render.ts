import { checkList } from "../manifests";
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
    const problems = check(plan, manifests);
    const render = (): ClusterList => clusterList(plan, renderObjects(manifests, plan));
    return {
      lists: problems.length > 0 ? new Map() : new Map(clusters.map((name) => [name, render()])),
      problems,
    };
  }
  const rendered = clusters.map((name) => ({ name, list: manifests(name) }));
  const problems = rendered.flatMap(({ name, list }) =>
    check(plan, list).map((problem) => `cluster ${JSON.stringify(name)}: ${problem}`),
  );
  if (problems.length > 0) return { lists: new Map(), problems };
  const lists = rendered.map(
    ({ name, list }) => [name, clusterList(plan, renderObjects(list, plan))] as const,
  );
  return { lists: new Map(lists), problems };
}

/** Values known only later may go to a ledger, but no secret: its commit refuses those by name. */
function check(plan: PushDeliveryPlan, manifests: readonly Manifest[]): string[] {
  return checkList(manifests, { ...plan, published: plan.ledger !== undefined });
}

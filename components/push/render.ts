import { checkList, resolveManifests } from "../manifests";
import type { Manifest, ManifestEntry } from "../manifests";
import { Mistake } from "../mistake";
import { renderObjects } from "../release";
import type { PushDeliveryPlan } from "./args";
import { clusterList } from "./cluster-list";
import type { ClusterList } from "./cluster-list";

/** What each cluster is told to run, by its name. */
export type ClusterLists = ReadonlyMap<string, ClusterList>;

/** The list of every cluster and every problem in them; a problem that all clusters share is said once. */
export function renderClusters(plan: PushDeliveryPlan): { lists: ClusterLists; problems: readonly string[] } {
  const clusters = plan.waves.flatMap((wave) => wave.clusters.map(({ name }) => name));
  const known = new Map<string, readonly Manifest[]>();
  if (typeof plan.manifests !== "function") {
    const { manifests, problems } = resolve(plan, plan.manifests, known);
    const render = (): ClusterList => clusterList(plan, renderObjects(manifests, plan));
    return {
      lists: problems.length > 0 ? new Map() : new Map(clusters.map((name) => [name, render()])),
      problems,
    };
  }
  const { manifests } = plan;
  const rendered = clusters.map((name) => {
    const { manifests: list, problems } = resolve(plan, () => manifests(name), known);
    return { name, list, problems: problems.map((problem) => `cluster ${JSON.stringify(name)}: ${problem}`) };
  });
  const problems = rendered.flatMap((each) => each.problems);
  if (problems.length > 0) return { lists: new Map(), problems };
  const lists = rendered.map(
    ({ name, list }) => [name, clusterList(plan, renderObjects(list, plan))] as const,
  );
  return { lists: new Map(lists), problems };
}

interface Resolved {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly string[];
}

/** The objects of files are read before anything is declared, and what is wrong with them is a problem like others. */
function resolve(
  plan: PushDeliveryPlan,
  entries: readonly ManifestEntry[] | (() => readonly ManifestEntry[]),
  known: Map<string, readonly Manifest[]>,
): Resolved {
  try {
    const list = typeof entries === "function" ? entries() : entries;
    const manifests = resolveManifests(list, { ...plan, known });
    return { manifests, problems: check(plan, manifests) };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { manifests: [], problems: error.problems };
  }
}

/** Values known only later may go to a ledger, but no secret: its commit refuses those by name. */
function check(plan: PushDeliveryPlan, manifests: readonly Manifest[]): string[] {
  return checkList(manifests, { ...plan, published: plan.ledger !== undefined });
}

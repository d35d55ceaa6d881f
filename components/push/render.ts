import { checkList, resolveManifests } from "../manifests";
import type { Manifest, ManifestEntry } from "../manifests";
import { Mistake } from "../mistake";
import { renderObjects } from "../release";
import type { PushDeliveryPlan } from "./args";
import { checkForceFits } from "./force";
import { checkPullSecretUse } from "./pull-secret";
import { clusterList } from "./cluster-list";
import type { ClusterList } from "./cluster-list";
import { sharedOnce } from "./migrations";

/** What each cluster is told to run, by its name. */
export type ClusterLists = ReadonlyMap<string, ClusterList>;

interface RenderedClusters {
  readonly lists: ClusterLists;
  readonly problems: readonly string[];
}

/** A plan, and whether what goes to its ledger has its Secrets encrypted or taken out before. */
export type RenderPlan = PushDeliveryPlan & { readonly secretsKept?: boolean };

/** The list of every cluster and every problem in them; a problem that all clusters share is said once. */
export function renderClusters(plan: RenderPlan): RenderedClusters {
  const { lists, problems } = renderLists(plan);
  return problems.length > 0 ? { lists, problems } : { lists, problems: checkUse(plan, lists) };
}

/** What the delivery says of objects has to fit some; those of an older release are as they are. */
function checkUse({ checks, force, pullSecrets }: PushDeliveryPlan, lists: ClusterLists): string[] {
  if (checks !== "all" || force.length + pullSecrets.length === 0) return [];
  const objects = [...lists.values()].flatMap((list) => list.objects);
  return [...checkForceFits(force, objects), ...checkPullSecretUse(pullSecrets, objects)];
}

function renderLists(plan: RenderPlan): RenderedClusters {
  const clusters = plan.waves.flatMap((wave) => wave.clusters.map(({ name }) => name));
  const { manifests, problems } = resolveAll(plan, clusters);
  if (problems.length > 0) return { lists: new Map(), problems };
  const lists = sharedOnce(manifests).map((list) => clusterList(plan, renderObjects(list, plan)));
  return { lists: new Map(clusters.map((name, index) => [name, lists[index]!])), problems };
}

/** The objects of each cluster, in the order of the clusters. */
function resolveAll(
  plan: RenderPlan,
  clusters: readonly string[],
): { readonly manifests: readonly (readonly Manifest[])[]; readonly problems: readonly string[] } {
  const { manifests: entries } = plan;
  const known = new Map<string, readonly Manifest[]>();
  if (typeof entries !== "function") {
    const { manifests, problems } = resolve(plan, entries, known);
    return { manifests: clusters.map(() => manifests), problems };
  }
  const resolved = clusters.map((name) => ({ name, ...resolve(plan, () => entries(name), known) }));
  return {
    manifests: resolved.map(({ manifests }) => manifests),
    problems: resolved.flatMap(({ name, problems }) =>
      problems.map((problem) => `cluster ${JSON.stringify(name)}: ${problem}`),
    ),
  };
}

interface Resolved {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly string[];
}

/** The objects of files are read before anything is declared, and what is wrong with them is a problem like others. */
function resolve(
  plan: RenderPlan,
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
function check(plan: RenderPlan, manifests: readonly Manifest[]): string[] {
  return checkList(manifests, { ...plan, published: plan.ledger !== undefined });
}

import { placesOf, readEnvironment } from "../history";
import type { Deployment, EnvironmentFacts } from "../history";
import { shown } from "../manifests";
import { Mistake } from "../mistake";
import type { PromotionRequest } from "../pending";
import { commitsBetween, relationOf } from "../pending/git";
import type { CountedSource } from "../pending/git";
import { countedSource } from "../pending/read";
import { metricsOf } from "./metrics";
import type { DeploymentWithChanges, FailedUpdate, Metrics, MetricFacts } from "./metrics";

/** Whose metrics are asked for. */
export interface MetricsRequest extends Omit<PromotionRequest, "environment"> {
  readonly window: MetricFacts["window"];
  /** @default all of them */
  readonly environments?: readonly string[];
  /** Reads the failed updates of a stack; undefined when that cannot be done. @default they are not known */
  readonly failedUpdates?: (stack: string) => Promise<readonly FailedUpdate[] | undefined>;
}

/**
 * Reads the metrics of a pipeline's environments from the ledger, Git, and the stacks' histories where they are given.
 *
 * @throws Mistake when there is no ledger, an environment is unknown, or the ledger or the history cannot be read.
 */
export async function readMetrics(request: MetricsRequest): Promise<Metrics[]> {
  const { pipeline, stackFile, root, environments } = request;
  const places = placesOf(pipeline, stackFile);
  const known = places.map(({ name }) => name);
  const unknown = environments?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const fix = `name one of ${known.map(shown).join(", ")}`;
    throw new Mistake(`Environment ${shown(unknown)}`, [`the pipeline has none of it; ${fix}`]);
  }
  const source = { root, ...countedSource(pipeline) };
  const asked = places.filter(({ name }) => environments?.includes(name) ?? true);
  return Promise.all(
    asked.map(async (place) =>
      environmentMetrics(request, source, await readEnvironment(place, request.runtime)),
    ),
  );
}

async function environmentMetrics(
  { window, failedUpdates }: MetricsRequest,
  source: CountedSource,
  facts: EnvironmentFacts,
): Promise<Metrics> {
  if (facts.source !== "ledger") {
    const why = facts.problem ?? "the pipeline has no ledger, which has the history; add ledger";
    throw new Mistake(`Metrics of ${facts.name}`, [why]);
  }
  const { from, to } = window;
  const isIn = ({ verified }: Deployment): boolean =>
    verified !== undefined && verified > from && verified <= to;
  const deployments = await withChanges(source, facts.deployments, isIn);
  const failed = await failedUpdates?.(facts.name);
  return metricsOf({ environment: facts.name, deployments, failedUpdates: failed, window });
}

/** How many deployments are looked into at once: each takes some processes of Git. */
const AT_ONCE = 8;

/**
 * Each deployment with what it brought since the one that was verified before it.
 *
 * @param deployments the newest first.
 * @param isAsked for which of them that is wanted; the others get none. By default for all of them.
 */
export async function withChanges(
  source: CountedSource,
  deployments: readonly Deployment[],
  isAsked: (one: Deployment) => boolean = () => true,
): Promise<DeploymentWithChanges[]> {
  const changed: DeploymentWithChanges[] = [];
  const look = async (one: Deployment, index: number): Promise<DeploymentWithChanges> => {
    const before = deployments.slice(index + 1).find(({ verified }) => verified !== undefined);
    return { ...one, changes: isAsked(one) ? await changesOf(source, before?.sourceCommit, one) : [] };
  };
  for (let from = 0; from < deployments.length; from += AT_ONCE) {
    const some = deployments.slice(from, from + AT_ONCE);
    changed.push(...(await Promise.all(some.map((one, index) => look(one, from + index)))));
  }
  return changed;
}

async function changesOf(
  source: CountedSource,
  before: string | undefined,
  { sourceCommit, isRollback }: Deployment,
): Promise<DeploymentWithChanges["changes"]> {
  if (before === undefined || sourceCommit === undefined || isRollback) return [];
  const relation = await relationOf(source.root, before, sourceCommit);
  if (relation !== "ahead" && relation !== "diverged") return [];
  const commits = await commitsBetween(source, before, sourceCommit);
  return commits.map(({ time }) => ({ committed: time }));
}

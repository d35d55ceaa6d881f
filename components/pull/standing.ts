import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../problems";
import type { ClusterLists } from "../push/render";
import type { RetiredCluster } from "../push";
import { retiredFolders } from "../push/orphans";
import { checkChanges, checkRemovals, checkSharedRuns, checkSurvey } from "../push/settling";
import { heldText, sayWayBack, settle, surveyOf } from "../push/settling";
import type { SettledClusters } from "../push/settling";
import type { Survey } from "../push/survey";
import type { PullDeliveryPlan } from "./args";
import { AGENTS } from "./agents";
import { checkRetired } from "./retired";

/** How the clusters of a delivery take part in it. */
export interface PullStanding {
  /** Of its waves. */
  readonly settled: SettledClusters;
  /** Those that are given up now. */
  readonly retired: readonly RetiredCluster[];
  /** Folders of the ledger that go: those of retired clusters, and those under former names. */
  readonly folders: readonly string[];
}

/**
 * Asks the ledger what each cluster was told, and each cluster whether it is there; a held cluster gets the bytes that it
 * was told then. One that cannot be reached gets what all get: it is published, and its agent takes it when it can.
 *
 * @throws pulumi.ResourceError when a pin cannot be kept, or keeps a migration from running, when a cluster would refuse a
 * change, or has left the waves without being retired.
 */
export function settlePull(
  plan: PullDeliveryPlan,
  lists: ClusterLists,
  component: pulumi.Resource,
): PullStanding {
  const { content } = plan;
  // Whose the objects in a cluster are is for the agent to tell: Pulumi applies none of them.
  const survey = surveyOf({ ...content, adopt: true, wanted: wantedApis(plan) }, lists, component);
  const asked = { ...survey, reach: {} };
  const told = settle(content, lists, asked);
  assertValid(component, [
    ...checkSurvey(content, survey),
    ...checkSharedRuns(lists, asked),
    ...checkChanges(content, lists, asked),
    ...checkRemovals(content, told),
    ...checkRetired(plan, survey),
  ]);
  const settled = withReach(told, survey);
  const retired = content.retired.filter(({ name }) => survey.told[name] !== undefined);
  sayWayBack(content, survey, component);
  say(plan, { settled, retired }, survey, component);
  return { settled, retired, folders: retiredFolders(content, survey) };
}

/** Those of the objects that tell the agent of the stack. */
function wantedApis({ name, content: { namespace } }: PullDeliveryPlan): string[] {
  const objects = Object.values(AGENTS.flux!.objects({ name, namespace }));
  return [...new Set(objects.map(({ apiVersion }) => apiVersion))];
}

/** Which one it is, as far as it says so. One that cannot be reached is told what all are told; that nobody can ask it is only known. */
function withReach(settled: SettledClusters, { reach }: Survey): SettledClusters {
  const known = [...settled].map(([cluster, one]) => {
    const found = reach[cluster];
    if (found?.state === "reachable") return [cluster, { ...one, uid: found.uid ?? one.uid }] as const;
    if (found?.state !== "unreachable") return [cluster, one] as const;
    const { why, isSilent } = found;
    return [cluster, { ...one, why, isSilent }] as const;
  });
  return new Map(known);
}

function say(
  { onUnreachable }: PullDeliveryPlan,
  { settled, retired }: Pick<PullStanding, "settled" | "retired">,
  { reach, lacking = {} }: Survey,
  component: pulumi.Resource,
): void {
  for (const [cluster, apis] of Object.entries(lacking))
    void pulumi.log.warn(lackingText(cluster, apis), component);
  for (const [cluster, one] of settled) {
    if (one.state === "held") void pulumi.log.warn(heldText(cluster, one), component);
    if (one.why !== undefined)
      void pulumi.log.warn(unreachableText(cluster, one.why, onUnreachable), component);
  }
  for (const { name } of retired) {
    const found = reach[name];
    if (found?.state === "unreachable") void pulumi.log.warn(goneText(name, found.why), component);
  }
}

/** No error yet: the same program may install it. */
function lackingText(cluster: string, apis: readonly string[]): string {
  return (
    `cluster ${cluster} has no Flux: it does not serve ${apis.join(" and ")}; install it first, with FluxAgent, or in a ` +
    "pipeline with: delivery up agents"
  );
}

function unreachableText(cluster: string, why: string, how: PullDeliveryPlan["onUnreachable"]): string {
  const end = how === undefined ? "nobody can tell here when it is live" : ENDS[how];
  return `cluster ${cluster} cannot be reached: ${why}; what is published for it is taken by its agent when that can, and ${end}.`;
}

const ENDS = {
  fail: 'the update fails for it, as onUnreachable: "fail" says',
  skip: 'nobody waits for it, as onUnreachable: "skip" says',
} as const;

/** The plugin fails for a cluster that does not answer, unless it is told that it is gone for good. */
function goneText(cluster: string, why: string): string {
  return (
    `retired cluster ${cluster} cannot be reached: ${why}; its agent goes on with what it has. Where it is gone for good, ` +
    "run pulumi up with PULUMI_K8S_DELETE_UNREACHABLE=true, which takes what told its agent out of the state."
  );
}

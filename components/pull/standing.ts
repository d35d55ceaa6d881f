import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../problems";
import type { ClusterLists } from "../push/render";
import { checkChanges, checkSharedRuns, checkSurvey, heldText, settle, surveyOf } from "../push/settling";
import type { SettledClusters } from "../push/settling";
import type { Survey } from "../push/survey";
import type { PullDeliveryPlan } from "./args";

/**
 * Asks the ledger what each cluster was told, and each cluster whether it is there; a held cluster gets the bytes that it
 * was told then. One that cannot be reached gets what all get: it is published, and its agent takes it when it can.
 *
 * @throws pulumi.ResourceError when a pin cannot be kept, or keeps a migration from running, or a cluster would refuse a change.
 */
export function settlePull(
  { content }: PullDeliveryPlan,
  lists: ClusterLists,
  component: pulumi.Resource,
): SettledClusters {
  // Whose the objects in a cluster are is for the agent to tell: Pulumi applies none of them.
  const survey = surveyOf({ ...content, adopt: true, retired: [] }, lists, component);
  const asked = { ...survey, reach: {}, told: ofClusters(survey.told, lists) };
  assertValid(component, [
    ...checkSurvey(content, asked),
    ...checkSharedRuns(lists, asked),
    ...checkChanges(content, lists, asked),
  ]);
  const settled = settle(content, lists, asked);
  say(settled, survey, component);
  return settled;
}

function ofClusters(told: Survey["told"], lists: ClusterLists): Survey["told"] {
  return Object.fromEntries(Object.entries(told).filter(([cluster]) => lists.has(cluster)));
}

function say(settled: SettledClusters, { reach }: Survey, component: pulumi.Resource): void {
  for (const [cluster, one] of settled) {
    if (one.state === "held") void pulumi.log.warn(heldText(cluster, one), component);
    const found = reach[cluster];
    if (found?.state === "unreachable") void pulumi.log.warn(unreachableText(cluster, found.why), component);
  }
}

function unreachableText(cluster: string, why: string): string {
  return (
    `cluster ${cluster} cannot be reached: ${why}; what is published for it is taken by its agent when that can, and ` +
    "nobody can tell here when it is live."
  );
}

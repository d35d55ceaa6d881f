import type * as pulumi from "@pulumi/pulumi";
import type { ClusterTarget } from "../clusters";
import type { ClusterAccess } from "../clusters/api/access";
import type { LedgerLocation } from "../ledger";
import { isLate } from "../manifests/late";
import type { Manifest } from "../manifests";
import { secretsOf } from "../ledger/access/named";
import type { PushDeliveryPlan } from "./args";
import type { ClusterList } from "./cluster-list";
import { branchOf } from "./ledger";
import type { LedgerArgs } from "./ledger";
import type { ClusterLists } from "./render";
import { surveySync } from "./survey";
import { problemText } from "../mistake";
import { tiedError } from "../problems";
import type { Survey, SurveyedCluster } from "./survey";

/**
 * Asks how things are, for a delivery that is rendered and not declared yet.
 *
 * @throws pulumi.ResourceError when nobody answers.
 */
export function surveyOf(plan: PushDeliveryPlan, lists: ClusterLists, component: pulumi.Resource): Survey {
  const { app, ledger, secret } = plan;
  const targets = plan.waves.flatMap(({ clusters }) => clusters);
  const survey = surveySync({
    app,
    clusters: targets.map((target) => surveyed(target, lists.get(target.name)!)),
    ledger: ledger === undefined ? undefined : locationOf(ledger, branchOf({ ...plan, ledger })),
    secrets: secretsOf(ledger?.access, secret),
    looksForForeign: false,
  });
  if (!("problems" in survey)) return survey;
  throw tiedError(component, problemText("Before the plan", survey.problems));
}

function locationOf({ repository, access }: LedgerArgs, branch: string): LedgerLocation {
  return { repository, branch, ...(access === undefined ? {} : { access }) };
}

function surveyed(target: ClusterTarget, { objects, record }: ClusterList): SurveyedCluster {
  return {
    name: target.name,
    access: accessOf(target),
    pin: undefined,
    objects: [...objects, record].map(refOf),
  };
}

/** Undefined for a kubeconfig that is known only later. */
function accessOf(target: ClusterTarget): ClusterAccess | undefined {
  if (target.kubeconfig === undefined) return { context: target.context };
  const { kubeconfig, context, allowExec } = target;
  if (isLate(kubeconfig)) return undefined;
  const given = {
    ...(context === undefined ? {} : { context }),
    ...(allowExec === undefined ? {} : { allowExec }),
  };
  return { kubeconfig: kubeconfig as string, ...given };
}

function refOf({ apiVersion, kind, metadata }: Manifest): SurveyedCluster["objects"][number] {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

import * as pulumi from "@pulumi/pulumi";
import { accessRules } from "../../clusters";
import type { ClusterTarget } from "../../clusters";
import type { ClusterAccess } from "../../clusters/api/access";
import type { LedgerLocation } from "../../ledger";
import { isLate } from "../../manifests/late";
import { secretsOf } from "../../ledger/access/named";
import type { PushDeliveryPlan } from "../args";
import type { ClusterList } from "../cluster-list";
import { branchOf } from "../ledger";
import type { LedgerArgs } from "../ledger";
import type { ClusterLists } from "../render";
import { surveySync } from "../survey";
import { refOf } from "../survey/ref";
import { problemText } from "../../mistake";
import { tiedError } from "../../problems";
import type { Survey, SurveyedCluster, SurveyOrder } from "../survey";

/** A delivery, and APIs that its clusters have to serve. */
type SurveyPlan = PushDeliveryPlan & Pick<SurveyOrder, "wanted">;

/**
 * Asks how things are, for a delivery that is rendered and not declared yet.
 *
 * @throws pulumi.ResourceError when nobody answers.
 */
export function surveyOf(plan: SurveyPlan, lists: ClusterLists, component: pulumi.Resource): Survey {
  const { app, ledger, secret, wanted = [] } = plan;
  const targets = plan.waves.flatMap(({ clusters }) => clusters);
  const survey = surveySync({
    app,
    clusters: [
      ...targets.map((target) => surveyed(target, lists.get(target.name)!, plan.pins[target.name])),
      ...plan.retired.map(probed),
    ],
    ledger: ledger === undefined ? undefined : locationOf(ledger, branchOf({ ...plan, ledger })),
    secrets: secretsOf(ledger?.access, secret),
    looksForForeign: !plan.adopt,
    wanted,
    // It is a preview that says it.
    leaving: pulumi.runtime.isDryRun() ? plan.release?.id : undefined,
  });
  if (!("problems" in survey)) return underNewNames(survey, targets);
  throw tiedError(component, problemText("Before the plan", survey.problems));
}

/** What a renamed cluster was told under a name that it had before is its own, until it is told something under the new one. */
function underNewNames(survey: Survey, targets: readonly ClusterTarget[]): Survey {
  const told = { ...survey.told };
  const former: Record<string, Survey["told"][string]> = {};
  for (const { name, formerly = [] } of targets) {
    for (const before of formerly.filter((each) => told[each] !== undefined)) {
      former[before] = told[before]!;
      told[name] ??= told[before]!;
      delete told[before];
    }
  }
  return { ...survey, told, former };
}

function locationOf({ repository, access }: LedgerArgs, branch: string): LedgerLocation {
  return { repository, branch, ...(access === undefined ? {} : { access }) };
}

function surveyed(
  target: ClusterTarget,
  { objects, record }: ClusterList,
  pin: string | undefined,
): SurveyedCluster {
  return {
    name: target.name,
    access: accessOf(target),
    pin,
    objects: [...objects, record].map(refOf),
  };
}

/** A retired cluster is only asked whether it is there. */
function probed(target: ClusterTarget): SurveyedCluster {
  return { name: target.name, access: accessOf(target), pin: undefined, objects: [] };
}

/** Undefined for a kubeconfig that is known only later. */
function accessOf(target: ClusterTarget): ClusterAccess | undefined {
  const rules = accessRules(target);
  if (target.kubeconfig === undefined) return { ...rules, context: target.context };
  return isLate(target.kubeconfig) ? undefined : { ...rules, kubeconfig: target.kubeconfig as string };
}

import { shown } from "../../manifests";
import type { PushDeliveryPlan } from "../args";
import type { Survey, Told } from "../survey";

/** Problems that only the clusters and the ledger tell: each refuses the delivery before anything is declared. */
export function checkSurvey(plan: PushDeliveryPlan, survey: Survey): string[] {
  const unread = checkLedger(plan, survey);
  if (unread.length > 0) return unread;
  return [
    ...checkIdentities(plan, survey),
    ...checkPinned(plan, survey),
    ...checkLeftOut(plan, survey),
    ...checkForeign(plan, survey),
  ];
}

/** Without the ledger nobody knows what to leave a cluster at; a delivery of the same to all needs none of it. */
function checkLedger({ pins, retired }: PushDeliveryPlan, { ledgerProblem }: Survey): string[] {
  const needing = [...Object.keys(pins), ...retired.map(({ name }) => name)];
  if (ledgerProblem === undefined || needing.length === 0) return [];
  const title = needing.map(shown).join(", ");
  return [
    `the ledger, which has what pinned and retired clusters run (${title}), cannot be read: ${ledgerProblem}`,
  ];
}

function checkIdentities({ rebuilt }: PushDeliveryPlan, { reach, told }: Survey): string[] {
  return Object.entries(reach).flatMap(([cluster, found]) => {
    const before = told[cluster]?.uid;
    const now = found.state === "reachable" ? found.uid : undefined;
    if (before === undefined || now === undefined || before === now || rebuilt.includes(cluster)) return [];
    return [
      `cluster ${shown(cluster)} is another one than before: the UID of its kube-system is ${now}, and was ${before}; ` +
        `correct the kubeconfig, or say rebuilt: [${shown(cluster)}] for one update when it was built anew`,
    ];
  });
}

function checkPinned({ pins }: PushDeliveryPlan, { told }: Survey): string[] {
  return Object.entries(pins)
    .filter(([cluster]) => told[cluster]?.pinned === undefined)
    .map(
      ([cluster, release]) =>
        `cluster ${shown(cluster)} is pinned to ${release}, which it was never told; ${known(told[cluster])}`,
    );
}

function known(told: Told | undefined): string {
  const releases = [told?.list?.release, told?.previous].filter((release) => release !== undefined);
  return releases.length === 0
    ? "it was told nothing yet: remove the pin"
    : `it was told ${releases.join(", ")}`;
}

/** A cluster that merely left the program would lose everything that runs there. */
function checkLeftOut({ waves, retired }: PushDeliveryPlan, { told }: Survey): string[] {
  const named = [...waves.flatMap(({ clusters }) => clusters), ...retired].map(({ name }) => name);
  return Object.keys(told)
    .filter((cluster) => !named.includes(cluster))
    .map(
      (cluster) =>
        `cluster ${shown(cluster)} is in no wave any more, and the ledger says that it runs ${told[cluster]?.list?.release ?? "something"}; ` +
        `put it back, or retire it for one update: "delete" what it runs, or "orphan" it`,
    );
}

function checkForeign({ adopt }: PushDeliveryPlan, { foreign }: Survey): string[] {
  if (adopt) return [];
  return Object.entries(foreign).flatMap(([cluster, objects]) =>
    objects.map(
      ({ title, owner }) =>
        `cluster ${shown(cluster)} has ${title} already, and it is ${owner}'s; give it another name, remove it there, ` +
        "or take it over with adopt: true for one update",
    ),
  );
}

import * as pulumi from "@pulumi/pulumi";
import { objectTitle } from "../../manifests";
import type { PushDeliveryPlan } from "../args";
import type { SettledCluster, SettledClusters } from "./settle";
import type { Survey, Told } from "../survey";

/** How many objects a message names. */
const MAX_NAMED = 5;

/** Says what the preview alone does not show: which clusters cannot be reached, and what leaves later. */
export function saySettled(
  plan: Pick<PushDeliveryPlan, "ledger" | "release" | "waves">,
  settled: SettledClusters,
  survey: Survey,
  resource: pulumi.Resource,
): void {
  if (survey.ledgerProblem !== undefined) {
    void pulumi.log.warn(`The ledger cannot be read: ${survey.ledgerProblem}`, resource);
  }
  sayWayBack(plan, survey, resource);
  for (const [cluster, one] of settled) {
    const place = plan.ledger === undefined ? "" : `${placeText(one)}, `;
    if (one.state === "unreachable") void pulumi.log.warn(unreachableText(cluster, one, place), resource);
    else sayCluster(cluster, one, resource);
  }
}

/** Every preview says how it would be taken back: to what, when that has succeeded, where in which order, and by what. */
export function sayWayBack(
  { ledger, release, waves }: Pick<PushDeliveryPlan, "ledger" | "release" | "waves">,
  { back, ledgerProblem }: Pick<Survey, "back" | "ledgerProblem">,
  resource: pulumi.Resource,
): void {
  const isKnown = ledger !== undefined && release !== undefined && ledgerProblem === undefined;
  if (!isKnown || !pulumi.runtime.isDryRun()) return;
  const clusters = waves.flatMap((wave) => wave.clusters.map(({ name }) => name)).join(", ");
  const way =
    back === undefined
      ? "none, since nothing else has succeeded here yet"
      : `${back.release}, which has succeeded here last at ${timeText(back.at)}: delivery rollback ${pulumi.getStack()} --up (${clusters}); it looks first whether its images and the schema are there`;
  void pulumi.log.info(`way back from ${release.id}: ${way}.`, resource);
}

/** To the minute, as `2026-11-26 12:00 UTC`. */
function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function sayCluster(cluster: string, one: SettledCluster, resource: pulumi.Resource): void {
  if (one.state === "held") void pulumi.log.warn(heldText(cluster, one), resource);
  if (one.leaving.length > 0) void pulumi.log.info(leavingText(cluster, one.leaving), resource);
}

/** What the ledger says that it runs. */
function placeText({ told }: SettledCluster): string {
  const release = told?.list?.release;
  return release === undefined
    ? "it was never told anything"
    : `it is left at release ${release}${laterText(told!)}`;
}

/** @param place what the ledger says, if there is one */
function unreachableText(cluster: string, { why, fails }: SettledCluster, place: string): string {
  const end = fails
    ? "the others are delivered to, and then the update fails for it"
    : 'as onUnreachable: "skip" says';
  return `cluster ${cluster} cannot be reached: ${why}; ${place}${end}.`;
}

/** What its pin wants, where that is something else than what it is left at. */
function laterText({ list, pinned }: Told): string {
  const isThere = pinned === undefined || pinned.contentHash === list?.contentHash;
  return isThere ? "" : ` and goes to ${pinned.release}, as pins says, once it is back`;
}

/** That a cluster is held, and at what. */
export function heldText(cluster: string, { list }: SettledCluster): string {
  const { release } = list.record["data"] as Readonly<Record<string, string>>;
  return `cluster ${cluster} is held back at release ${release}, as pins says.`;
}

function leavingText(cluster: string, leaving: SettledCluster["leaving"]): string {
  const named = leaving.slice(0, MAX_NAMED).map(objectTitle).join(", ");
  const more = leaving.length > MAX_NAMED ? ` and ${leaving.length - MAX_NAMED} more` : "";
  return `cluster ${cluster}: no longer part of the release are ${named}${more}; once it has passed its gate, the next pulumi up removes them.`;
}

/** The error of a delivery that left clusters out: all of them at once, and what to do. */
export function failureText(settled: SettledClusters): string {
  const failing = [...settled].filter(([, { fails }]) => fails);
  const lines = failing.map(([cluster, { why }]) => `cluster ${cluster} cannot be reached: ${why}`);
  return [
    ...lines,
    "Nothing of it was changed, and every other cluster that could be was delivered to. Run pulumi up again when it is back,",
    'leave it behind for now with onUnreachable: "skip", or give it up with retired.',
  ].join("\n");
}

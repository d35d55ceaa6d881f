import type { Reach } from "../../clusters/probe";
import { isSkippedOnRollback, objectKey } from "../../manifests";
import type { Manifest } from "../../manifests";
import * as pulumi from "@pulumi/pulumi";
import type { PushDeliveryPlan } from "../args";
import type { ClusterList } from "../cluster-list";
import type { ClusterLists } from "../render";
import type { Survey, Told, ToldList } from "../survey";

/** How one cluster takes part in a delivery, once it is known how things are. */
export interface SettledCluster {
  readonly state: "live" | "held" | "unreachable";
  /** What is declared for it, and what its folder of the ledger has. */
  readonly list: ClusterList;
  /** Objects that it may still have and that the list lacks: they stay until its wave has passed. */
  readonly leaving: readonly Manifest[];
  /** Nothing of it changes, so no gate looks at it. */
  readonly isUntouched: boolean;
  /** Why it cannot be reached. */
  readonly why: string | undefined;
  /** It swallows connections. */
  readonly isSilent: boolean;
  /** The delivery fails because of it, after everything else. */
  readonly fails: boolean;
  /** Whether the ledger has, or gets, a folder of it. */
  readonly isTold: boolean;
  /** What the state has of it may be another thing than what it was told. */
  readonly isUncertain: boolean;
  /** What the ledger said before. */
  readonly told: Told | undefined;
  /** UID of its `kube-system`, as far as it is known. */
  readonly uid: string | undefined;
}

/** By cluster. */
export type SettledClusters = ReadonlyMap<string, SettledCluster>;

/** Decides for every cluster what is declared, from what was rendered and what is the case. */
export function settle(plan: PushDeliveryPlan, lists: ClusterLists, survey: Survey): SettledClusters {
  return new Map([...lists].map(([name, list]) => [name, settleCluster(plan, name, { list, survey })]));
}

function settleCluster(
  plan: PushDeliveryPlan,
  name: string,
  { list, survey }: { readonly list: ClusterList; readonly survey: Survey },
): SettledCluster {
  const told = survey.told[name];
  const reach = survey.reach[name] ?? { state: "unknown" };
  const uid = (reach.state === "reachable" ? reach.uid : undefined) ?? told?.uid;
  const base = { told, uid, why: undefined, isSilent: false, fails: false, isTold: true, isUncertain: false };
  if (reach.state === "unreachable") return { ...base, ...settleUnreachable(plan, list, { told, reach }) };
  const missing = survey.missing?.[name];
  if (told?.pinned !== undefined) return { ...base, ...settleHeld(told, told.pinned, missing) };
  const leaving = leavingOf(told, list.objects, missing);
  return { ...base, state: "live", list, leaving, isUntouched: false };
}

/** It is declared again as it was told: with its old inputs the plugin asks nothing of it. */
function settleUnreachable(
  { onUnreachable }: PushDeliveryPlan,
  rendered: ClusterList,
  {
    told,
    reach,
  }: { readonly told: Told | undefined; readonly reach: Extract<Reach, { state: "unreachable" }> },
): Omit<SettledCluster, "told" | "uid"> {
  const { why, isSilent } = reach;
  const list = told?.list === undefined ? rendered : listLeft(told, told.list);
  return {
    ...{ state: "unreachable", isUntouched: true, why, isSilent, list },
    leaving: leavingOf(told, list.objects),
    // What was never told has nothing to be left at.
    fails: onUnreachable === "fail" || told?.list === undefined,
    isTold: told?.list !== undefined,
    isUncertain: told?.list !== undefined && told.list.contentHash !== told.verified,
  };
}

/** It has the bytes that it was told then; no gate looks at one that stays as it is. */
function settleHeld(
  told: Told,
  pinned: ToldList,
  missing: readonly string[] | undefined,
): Pick<SettledCluster, "state" | "list" | "leaving" | "isUntouched"> {
  const isUntouched = told.list?.contentHash === pinned.contentHash;
  const list = isUntouched ? listLeft(told, pinned) : withoutPast(listFrom(pinned));
  return { state: "held", list, leaving: leavingOf(told, list.objects, missing), isUntouched };
}

/**
 * What a cluster is left at, as its state has it: where it went back to that, by the environment or by a pin, there is no
 * migration that would be left out then, and declaring one would mean to make it. Where the ledger does not say how it came
 * there, a pin counts as what has brought it back.
 */
function listLeft({ isWayBack, pinned }: Told, list: ToldList): ClusterList {
  const left = listFrom(list);
  return (isWayBack ?? pinned?.contentHash === list.contentHash) ? withoutPast(left) : left;
}

/** What a release has migrated is not migrated again when a cluster is held at it, unless it says so. */
function withoutPast(list: ClusterList): ClusterList {
  return { ...list, applied: list.objects.filter((object) => !isSkippedOnRollback(object)) };
}

/** A list of the ledger, with its bytes. */
function listFrom({ objects, contentHash, record, files }: ToldList): ClusterList {
  return { objects, applied: objects, contentHash: pulumi.output(contentHash), record, files };
}

/**
 * What a cluster was told and may still have, without what it is told now, each as it was told last. A Job is over, and
 * one that has failed would be run anew if it were declared once more. What is known to be missing would be made.
 */
function leavingOf(
  told: Told | undefined,
  objects: readonly Manifest[],
  missing: readonly string[] = [],
): Manifest[] {
  const others = new Set([...objects.map(objectKey), ...missing]);
  const before = [...(told?.earlier ?? []), ...(told?.list?.objects ?? [])];
  const byKey = new Map(before.map((object) => [objectKey(object), object]));
  return [...byKey]
    .filter(([key, { kind }]) => !others.has(key) && kind !== "Job")
    .map(([, object]) => object);
}

/** What a retired cluster was told, as it is declared for the last time; undefined when the ledger has forgotten it. */
export function settleRetired(name: string, { told, reach }: Survey): SettledCluster | undefined {
  const { list, earlier = [] } = told[name] ?? {};
  if (list === undefined) return undefined;
  const found = reach[name];
  const isSilent = found?.state === "unreachable" && found.isSilent;
  return {
    ...{
      state: "unreachable",
      list: listLeft(told[name]!, list),
      leaving: leavingOf(told[name], list.objects),
      why: undefined,
      isSilent,
    },
    ...{ isUntouched: true, fails: false, isTold: true, told: told[name], uid: undefined },
    isUncertain: earlier.length > 0,
  };
}

import type { LiveObject, ObjectRef } from "../../clusters/api";
import { shown } from "../../manifests/names";
import { failed, passed, pending } from "../contract";
import type { CheckKind, CheckTarget, Verdict } from "../contract";
import { readCreationFailure } from "./creation";
import { podProblem, said } from "./pods";
import { readRevision } from "./revision";
import { creationFailure, readWorkload } from "./workloads";

/** How many restarts of a container are borne before its crash loop counts. */
export const DEFAULT_RESTARTS = 0;
/** Most of a container's restarts that can be borne. */
const MAX_RESTARTS = 100;
/** How many workloads that are not ready are looked into at once; the others are counted. */
const LOOKED_INTO = 10;

/** What {@link checks}`.rolloutReady()` bears. */
export interface RolloutReadyArgs {
  /**
   * How many restarts of a container are borne before its crash loop counts, for an application that begins before
   * what it needs.
   * @default {@link DEFAULT_RESTARTS}
   */
  readonly restarts?: number;
}

export interface RolloutReady extends RolloutReadyArgs {
  readonly check: "rolloutReady";
}

/**
 * Every Deployment, StatefulSet, DaemonSet and Job that was delivered is rolled out. What will not become ready by
 * itself fails at once, with the last message of the container.
 */
export const rolloutReadyKind: CheckKind<RolloutReady> = {
  once: false,

  check({ restarts = DEFAULT_RESTARTS }, at) {
    if (Number.isInteger(restarts) && restarts >= 0 && restarts <= MAX_RESTARTS) return [];
    return [`${at}.restarts is ${shown(restarts)}; give a whole number from 0 to ${MAX_RESTARTS}`];
  },

  title: () => "every workload is rolled out",

  async observe({ restarts = DEFAULT_RESTARTS }, target) {
    const found = await readAll(target);
    const verdicts = found.map(({ ref, object }) => ({ ref, object, verdict: verdictOf(ref, object) }));
    const open = verdicts.filter(({ verdict }) => verdict.state !== "passed");
    if (open.length === 0) return passed(`${found.length} workloads are rolled out`);
    const looks = open.slice(0, LOOKED_INTO).map(async ({ ref, object, verdict }) => {
      const { state, reason } =
        object === undefined ? verdict : await look(target, ref, { object, verdict, restarts });
      return { state, reason: `${ref.kind} ${ref.name}: ${reason}` };
    });
    return together(await Promise.all(looks), open.length);
  },
};

/** All that failed, or else all that is waited for, in one verdict. */
function together(verdicts: readonly Verdict[], open: number): Verdict {
  const broken = verdicts.filter(({ state }) => state === "failed");
  const shownOnes = (broken.length > 0 ? broken : verdicts).map(({ reason }) => reason);
  const more = open - verdicts.length;
  const reason = [...shownOnes, ...(more > 0 ? [`and ${more} more workloads`] : [])].join("; ");
  return broken.length > 0 ? failed(reason) : pending(reason);
}

interface Found {
  readonly ref: ObjectRef;
  readonly object: LiveObject | undefined;
}

/** One request for each kind and namespace, however many workloads there are. */
async function readAll({ api, workloads }: CheckTarget): Promise<Found[]> {
  const groups = new Map<string, ObjectRef[]>();
  for (const ref of workloads) {
    const key = [ref.apiVersion, ref.kind, ref.namespace].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), ref]);
  }
  const lists = [...groups.values()].map(async (refs) => {
    const { apiVersion, kind, namespace } = refs[0]!;
    const objects = await api.list({ apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) });
    const byName = new Map(objects.map((object) => [object.metadata.name, object]));
    return refs.map((ref) => ({ ref, object: byName.get(ref.name) }));
  });
  return (await Promise.all(lists)).flat();
}

/** A Job that is gone was complete before: it is applied, and waited for, before what runs. */
function verdictOf({ kind }: ObjectRef, object: LiveObject | undefined): Verdict {
  if (object !== undefined) return readWorkload(kind, object);
  return kind === "Job" ? passed("it is done and gone") : pending("it is not there");
}

interface Open {
  readonly object: LiveObject;
  readonly verdict: Verdict;
  readonly restarts: number;
}

/** Why a workload is not ready: what its pods say, or why there are none. */
async function look(
  { api }: CheckTarget,
  { kind }: ObjectRef,
  { object, verdict, restarts }: Open,
): Promise<Verdict> {
  const { maker, pods, old } = await readRevision(api, kind, object);
  const problems = pods.flatMap((pod) => podProblem(pod, restarts) ?? []);
  const terminal = problems.find(({ state }) => state === "failed");
  if (terminal !== undefined) return terminal;
  if (verdict.state === "failed")
    return problems[0] === undefined ? verdict : failed(`${verdict.reason}; ${problems[0].reason}`);
  const refused = maker === undefined ? undefined : await readCreationFailure(api, maker);
  if (refused !== undefined) return refused;
  const behind = kind === "StatefulSet" ? stuckBehind(old, restarts) : undefined;
  const why = behind ?? problems[0]?.reason ?? pastFailure(object);
  return why === undefined ? verdict : pending(`${verdict.reason}; ${why}`);
}

/**
 * A pod of an earlier revision that never got ready: the controller waits for it before it makes the next ones, whatever
 * has been mended since. Source: Kubernetes, "StatefulSets: Forced rollback".
 */
function stuckBehind(old: readonly LiveObject[], restarts: number): string | undefined {
  const sentences = old.flatMap((pod) => {
    const problem = podProblem(pod, restarts);
    const { name, namespace = "default" } = pod.metadata;
    const fix = `kubectl delete pod ${name} --namespace ${namespace}`;
    return problem === undefined
      ? []
      : [`${problem.reason}; it is of an earlier revision, and is waited for until: ${fix}`];
  });
  return sentences[0];
}

/** It may be over: the controller has not tried again yet. */
function pastFailure(object: LiveObject): string | undefined {
  const message = creationFailure(object);
  return message === undefined ? undefined : `its pods could not be made at the last try${said(message)}`;
}

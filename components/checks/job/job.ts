import type { Input } from "@pulumi/pulumi";
import type { LiveObject } from "../../clusters/api";
import { ApiError } from "../../clusters/api";
import { isLate } from "../../manifests/late";
import { checkDnsLabel, shown } from "../../manifests/names";
import { passed, pending } from "../contract";
import type { CheckKind, CheckTarget, Verdict } from "../contract";
import { podProblem, said } from "../rollout-ready/pods";
import { listed } from "../rollout-ready/revision";
import { readWorkload } from "../rollout-ready/workloads";
import { DEFAULT_SMOKE_DEADLINE_SECONDS, jobManifest, jobName } from "./manifest";

/** The longest time that a smoke job may be given: that of the longest gate, in seconds. */
const MAX_DEADLINE_SECONDS = 7200;
/** Longest name: with `-` and the eight characters of the run it is a label. */
const MAX_NAME = 54;

/** What {@link checks}`.job()` runs: once for each passing of a gate, in the namespace of the delivery. */
export interface JobArgs {
  /** A DNS-1123 label; the Job is named `<name>-<run>`. */
  readonly name: string;
  /** `repository@sha256:…`; often the delivered image itself, with another command. */
  readonly image: Input<string>;
  /** @default the image's entry point */
  readonly command?: readonly string[];
  /** @default the image's arguments */
  readonly args?: readonly string[];
  /** Variables by name: they are kept in the state and in the cluster, so none is a secret. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** A ServiceAccount of the namespace. @default none, and no token */
  readonly serviceAccount?: string;
  /** @default {@link DEFAULT_SMOKE_DEADLINE_SECONDS} */
  readonly deadlineSeconds?: number;
}

export interface Job extends JobArgs {
  readonly check: "job";
}

/**
 * A Job that runs once in the cluster, after what was delivered is ready, and has to succeed. Each passing of the gate
 * runs it anew; the cluster removes it an hour after its end.
 */
export const jobKind: CheckKind<Job> = {
  once: true,

  check({ name, image, deadlineSeconds = DEFAULT_SMOKE_DEADLINE_SECONDS }, at) {
    const isTime =
      deadlineSeconds > 0 && deadlineSeconds <= MAX_DEADLINE_SECONDS && Number.isInteger(deadlineSeconds);
    return [
      ...checkDnsLabel(`${at}.name`, name),
      ...(String(name).length <= MAX_NAME
        ? []
        : [`${at}.name has ${name.length} characters; give ${MAX_NAME} or less`]),
      ...(isLate(image) || (typeof image === "string" && image !== "")
        ? []
        : [`${at}.image is ${shown(image)}; name an image`]),
      ...(isTime
        ? []
        : [`${at}.deadlineSeconds is ${shown(deadlineSeconds)}; give 1 to ${MAX_DEADLINE_SECONDS}`]),
    ];
  },

  title: ({ name }) => `Job ${name} succeeds`,

  async observe(inputs, target) {
    const { namespace, api } = target;
    const ref = { apiVersion: "batch/v1", kind: "Job", namespace, name: jobName(inputs, target) };
    const job = await api.get(ref);
    if (job === undefined) return begin(inputs, target);
    const { state, reason } = readWorkload("Job", job);
    const title = `Job ${ref.name}`;
    if (state === "passed") return passed(`${title} has succeeded`);
    return explained(await podsOf(target, job), { state, reason: `${title}: ${reason}` });
  },
};

async function begin(inputs: Job, target: CheckTarget): Promise<Verdict> {
  const { namespace, api } = target;
  const ref = { apiVersion: "batch/v1", kind: "Job", namespace, name: jobName(inputs, target) };
  try {
    await api.create(ref, jobManifest(inputs, target));
  } catch (error) {
    // Somebody was as quick: it is there.
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
  return pending(`Job ${ref.name} has begun`);
}

async function podsOf(
  { api, namespace }: CheckTarget,
  { metadata }: LiveObject,
): Promise<readonly LiveObject[]> {
  const labelSelector = `batch.kubernetes.io/job-name=${metadata.name}`;
  return listed(api, { apiVersion: "v1", kind: "Pod", namespace, labelSelector });
}

/** What the pods say of it: a container that cannot start, or the last message of one that failed. */
function explained(pods: readonly LiveObject[], verdict: Verdict): Verdict {
  const problem = pods.flatMap((pod) => podProblem(pod, 0) ?? [])[0];
  const last = pods.map(lastMessage).find((message) => message !== "") ?? "";
  const state = problem?.state === "failed" ? "failed" : verdict.state;
  return { state, reason: `${verdict.reason}${problem === undefined ? last : `; ${problem.reason}`}` };
}

function lastMessage(pod: LiveObject): string {
  const { containerStatuses = [] } = (pod["status"] ?? {}) as {
    containerStatuses?: { state?: { terminated?: { exitCode?: number; message?: string } } }[];
  };
  const ended = containerStatuses
    .map(({ state }) => state?.terminated)
    .find((each) => (each?.exitCode ?? 0) !== 0);
  return ended === undefined ? "" : `; exit code ${ended.exitCode}${said(ended.message)}`;
}

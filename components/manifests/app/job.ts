import { createHash } from "node:crypto";
import { throwIfAny } from "../../mistake";
import { canonicalJson } from "../canonical";
import type { Manifest } from "../manifest";
import { shown } from "../names";
import { withOrigin } from "../origin";
import { configMapManifest, hasConfig } from "./config-map";
import { checkJob, checkKnown, resolveJob } from "./job-args";
import type { Job, JobArgs } from "./job-args";
import { objectLabels } from "./labels";
import { exceptionAnnotations, podSpec, templateMetadata } from "./pod";
import { serviceAccountManifest } from "./service-account";
import { transformed } from "./transform";

/** Hex digits of the part of a job's name that changes with what it runs. */
const HASH_LENGTH = 8;
/** Longest name of a job of ours: 63 less the part that is its own. */
export const MAX_JOB_NAME = 63 - HASH_LENGTH - 1;

/**
 * A job that runs once for each change of what it runs: ServiceAccount, ConfigMap (when there is `config`) and a Job
 * named `<name>-<hash>`, before the workloads of the list.
 *
 * @throws Mistake with every problem of the arguments.
 */
export function job(args: JobArgs): Manifest[] {
  const call = `job(${JSON.stringify(args.name)})`;
  throwIfAny(call, [...checkJob(args, MAX_JOB_NAME), ...checkKnown(args)]);
  const resolved = resolveJob(args);
  const spec = jobSpec(resolved);
  const hash = createHash("sha256").update(canonicalJson(spec)).digest("hex").slice(0, HASH_LENGTH);
  return jobObjects(call, resolved, jobManifest(resolved, `${args.name}-${hash}`, spec));
}

export function jobManifest(resolved: Job, name: string, spec: Record<string, unknown>): Manifest {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels: objectLabels(resolved), ...exceptionAnnotations(resolved) },
    spec,
  };
}

/** No time to live: a job that deletes itself would be made, and so run, again by the next delivery. */
export function jobSpec(resolved: Job): Record<string, unknown> {
  return {
    backoffLimit: resolved.retries,
    activeDeadlineSeconds: resolved.deadlineSeconds,
    template: {
      metadata: templateMetadata(resolved),
      spec: { restartPolicy: "Never", ...podSpec(resolved, {}) },
    },
  };
}

/** What a job needs, and the job. */
export function jobObjects(call: string, resolved: Job, runs: Manifest): Manifest[] {
  const config = hasConfig(resolved) ? [configMapManifest(resolved)] : [];
  const manifests = transformed([serviceAccountManifest(resolved), ...config, runs], resolved.transform);
  return manifests.map((manifest) => withOrigin(manifest, call));
}

/** Problems of a word that has to be one of some. */
export function checkWord(field: string, value: string | undefined, words: readonly string[]): string[] {
  if (value === undefined || words.includes(value)) return [];
  return [`${field} is ${shown(value)}; give one of ${words.join(", ")}`];
}

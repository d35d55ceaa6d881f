import { isLate } from "../late";
import { checkDnsLabel, shown } from "../names";
import { checkPod, isWhole, MAX_INT32 } from "./check-pod";
import { resolvePod } from "./pod-args";
import type { Pod, PodArgs } from "./pod-args";
import type { Transform } from "./transform";

/** How often a job whose pod failed is tried again. */
export const DEFAULT_RETRIES = 2;
/** How long a job may take with all its tries, in seconds. */
export const DEFAULT_DEADLINE_SECONDS = 600;
/** What happens when a run is due while the last one goes on. */
export const DEFAULT_CONCURRENCY: Concurrency = "Forbid";
/** Runs of a schedule that are kept to look at: this many that succeeded, and as many that failed. */
export const DEFAULT_HISTORY = 1;
/** A migration that clusters do not share. */
export const DEFAULT_ONCE_PER: OncePer = "cluster";
/** A migration that its release has run before is not run again. */
export const DEFAULT_ON_ROLLBACK: OnRollback = "skip";

/** The zone of a schedule; left out it would be the one of the cluster's control plane, which nobody sees. */
export const DEFAULT_SCHEDULE_ZONE = "Etc/UTC";

/**
 * What becomes of a run that is due while the last one goes on. Source: Kubernetes, "CronJob: Concurrency policy".
 */
export type Concurrency = "Allow" | "Forbid" | "Replace";
/** The kinds of objects that a job is made of. */
export type JobKind = "ServiceAccount" | "ConfigMap" | "Job" | "CronJob";

/** A job as a team declares it. */
export interface JobArgs extends PodArgs {
  /** Whole number. @default {@link DEFAULT_RETRIES} */
  readonly retries?: number;
  /** @default {@link DEFAULT_DEADLINE_SECONDS} */
  readonly deadlineSeconds?: number;
  /** The way out: changes an object of a kind, as the last step. */
  readonly transform?: Transform<JobKind>;
}

/** A job that runs again and again. */
export interface CronJobArgs extends JobArgs {
  /** Five fields, or `@hourly` and the like. Source: Kubernetes, "CronJob". */
  readonly schedule: string;
  /** As in "Europe/Zurich". @default {@link DEFAULT_SCHEDULE_ZONE} */
  readonly timeZone?: string;
  /** @default {@link DEFAULT_CONCURRENCY} */
  readonly concurrency?: Concurrency;
}

/** A job that changes what the new release needs changed before it runs, as a database's schema. */
export interface MigrationArgs extends JobArgs {
  /** Id of the release, whose end becomes part of the job's name: each release has its own run. */
  readonly release: string;
  /**
   * `environment` where its clusters share what is changed: the first cluster of the first wave runs it, and all others
   * wait for it.
   * @default {@link DEFAULT_ONCE_PER}
   */
  readonly oncePer?: OncePer;
  /**
   * Whether it runs when an environment goes back to the release, after it has succeeded there and another one came.
   * @default {@link DEFAULT_ON_ROLLBACK}
   */
  readonly onRollback?: OnRollback;
}

/** Where a migration runs: in the first cluster of an environment for all of them, or in each. */
export type OncePer = "environment" | "cluster";
/** Whether a migration runs when its environment goes back to its release. */
export type OnRollback = "skip" | "run";

/** {@link JobArgs} with every default filled in. */
export type Job = Pod & Required<Pick<JobArgs, "retries" | "deadlineSeconds" | "transform">>;

export function resolveJob(args: JobArgs): Job {
  return {
    ...resolvePod(args),
    retries: args.retries ?? DEFAULT_RETRIES,
    deadlineSeconds: args.deadlineSeconds ?? DEFAULT_DEADLINE_SECONDS,
    transform: args.transform ?? {},
  };
}

/** Problems of {@link JobArgs}, whose name may have `most` characters. */
export function checkJob(args: JobArgs, most: number): string[] {
  const { name } = args;
  const { retries, deadlineSeconds } = resolveJob(args);
  const problems = checkDnsLabel("name", name);
  if (problems.length === 0 && name.length > most) {
    problems.push(
      `name has ${name.length} characters; give ${most} at most, the rest is for the runs' own part`,
    );
  }
  if (!isWhole(retries, 0, MAX_INT32))
    problems.push(`retries is ${shown(retries)}; give a whole number, 0 or more`);
  if (!isWhole(deadlineSeconds, 1, MAX_INT32)) {
    problems.push(`deadlineSeconds is ${shown(deadlineSeconds)}; give whole seconds, 1 or more`);
  }
  return [...problems, ...checkPod(args)];
}

/** A job's pods cannot be changed, so its name is made from what it runs, which has to be known. */
export function checkKnown({ image, env = {} }: JobArgs): string[] {
  const late = [["image", image], ...Object.entries(env).map(([name, value]) => [`env.${name}`, value])];
  return late
    .filter(([, value]) => isLate(value))
    .map(
      ([field]) =>
        `${String(field)} is known only later; a job's name is made from it, so give a plain value`,
    );
}

import { throwIfAny } from "../../mistake";
import type { Manifest } from "../manifest";
import { shown } from "../names";
import { checkWord, jobObjects, jobSpec } from "./job";
import {
  checkJob,
  DEFAULT_CONCURRENCY,
  DEFAULT_HISTORY,
  DEFAULT_SCHEDULE_ZONE,
  resolveJob,
} from "./job-args";
import type { CronJobArgs } from "./job-args";
import { objectLabels } from "./labels";
import { exceptionAnnotations } from "./pod";

/** Longest name of a CronJob: its jobs have 11 characters more. Source: Kubernetes, "CronJob". */
const MAX_CRON_JOB_NAME = 52;

/**
 * A job that runs by a schedule: ServiceAccount, ConfigMap (when there is `config`) and CronJob.
 *
 * @throws Mistake with every problem of the arguments.
 */
export function cronJob(args: CronJobArgs): Manifest[] {
  const call = `cronJob(${JSON.stringify(args.name)})`;
  throwIfAny(call, checkCronJob(args));
  const resolved = resolveJob(args);
  const { timeZone, concurrency } = args;
  return jobObjects(call, resolved, {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: args.name, labels: objectLabels(resolved), ...exceptionAnnotations(resolved) },
    spec: {
      schedule: args.schedule,
      timeZone: timeZone ?? DEFAULT_SCHEDULE_ZONE,
      concurrencyPolicy: concurrency ?? DEFAULT_CONCURRENCY,
      successfulJobsHistoryLimit: DEFAULT_HISTORY,
      failedJobsHistoryLimit: DEFAULT_HISTORY,
      jobTemplate: { metadata: { labels: objectLabels(resolved) }, spec: jobSpec(resolved) },
    },
  });
}

const MACROS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
const FIELD = /^[0-9A-Za-z*,/?-]+$/;

function checkCronJob(args: CronJobArgs): string[] {
  const { schedule, timeZone, concurrency } = args;
  const fields = schedule.split(" ");
  const isSchedule =
    MACROS.includes(schedule) || (fields.length === 5 && fields.every((field) => FIELD.test(field)));
  const fix = 'give five fields, as "0 3 * * *", and the zone as timeZone';
  return [
    ...checkJob(args, MAX_CRON_JOB_NAME),
    ...(isSchedule ? [] : [`schedule is ${shown(schedule)}; ${fix}`]),
    ...(timeZone === undefined || isZone(timeZone)
      ? []
      : [`timeZone is ${shown(timeZone)}; give a name as "Europe/Zurich"`]),
    ...checkWord("concurrency", concurrency, ["Allow", "Forbid", "Replace"]),
  ];
}

/** Kubernetes refuses "Local", which is no zone but whatever the controller's machine has. */
function isZone(timeZone: string): boolean {
  return /^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$/.test(timeZone) && timeZone !== "Local";
}

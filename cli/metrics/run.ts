import { ageText } from "../../components/guards";
import { openMetrics, readMetrics } from "../../components/metrics";
import type { Metrics, Times } from "../../components/metrics";
import { Mistake } from "../../components/mistake";
import type { Context, Input, Run } from "../shell/contract";
import { failedUpdates } from "./stack-history";

/** How far back the metrics look, in days. */
export const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;

/** `delivery metrics [ENV]` */
export const metrics: Run = async (input, context) => {
  if (input.flag("openmetrics") && context.json) {
    throw new Mistake("delivery metrics", ["--openmetrics and --json are two forms; give one of them"]);
  }
  const { pipeline, root, stackFile } = await context.project();
  const to = context.now();
  const window = { from: new Date(to.getTime() - daysOf(input) * DAY_MS), to };
  const environment = input.optionalArgument("ENV");
  const found = await readMetrics({
    ...{ pipeline, root, stackFile, now: to, window, runtime: { environment: context.env } },
    ...(environment === undefined ? {} : { environments: [environment] }),
    failedUpdates: (stack) => failedUpdates(root, stack, context.env),
  });
  const text = input.flag("openmetrics") ? openMetrics(pipeline.app, found) : metricsText(found, context);
  return { value: found, text };
};

function daysOf(input: Input): number {
  const text = input.text("days") ?? String(DEFAULT_DAYS);
  const days = Number(text);
  if (days > 0 && Number.isFinite(days)) return days;
  throw new Mistake("delivery metrics", [`--days is ${JSON.stringify(text)}; give a number above 0, as 30`]);
}

function metricsText(all: readonly Metrics[], { paint }: Context): string {
  return all
    .map((one) => {
      const {
        deployments,
        deploymentsPerDay,
        changes,
        failures,
        changeFailureRate,
        failedUpdates: failed,
      } = one;
      const rate = changeFailureRate === undefined ? "none" : `${Math.round(changeFailureRate * 100)} %`;
      return [
        paint("bold", one.environment),
        `  deployments verified   ${deployments} (${deploymentsPerDay.toFixed(2)} a day)`,
        `  lead time              ${timesText(one.leadTime)}`,
        `  change failure rate    ${rate} (${failures} of ${changes})`,
        `  time to restore        ${timesText(one.timeToRestore)}`,
        `  failed updates         ${failed ?? "not known: pulumi could not read the stack's history"}`,
      ].join("\n");
    })
    .join("\n");
}

function timesText({ count, medianSeconds, p90Seconds }: Times): string {
  if (medianSeconds === undefined || p90Seconds === undefined) return "none";
  const text = (seconds: number): string =>
    seconds < 60 ? `${Math.round(seconds)} s` : ageText(seconds * 1000);
  return `${text(medianSeconds)} median, ${text(p90Seconds)} for 9 of 10 (of ${count})`;
}

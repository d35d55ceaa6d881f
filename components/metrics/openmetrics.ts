import type { Metrics, Times } from "./metrics";

/** One family of metrics: its samples by what they say of an environment. */
interface Family {
  readonly name: string;
  readonly type: "gauge";
  readonly unit?: "seconds" | "ratio";
  readonly help: string;
  readonly samples: (metrics: Metrics) => readonly Sample[];
}

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | undefined;
}

const times = ({ medianSeconds, p90Seconds }: Times): Sample[] => [
  { labels: { quantile: "0.5" }, value: medianSeconds },
  { labels: { quantile: "0.9" }, value: p90Seconds },
];

const FAMILIES: readonly Family[] = [
  {
    name: "delivery_deployments",
    type: "gauge",
    help: "Deployments that were verified in the window.",
    samples: ({ deployments }) => [{ value: deployments }],
  },
  {
    name: "delivery_deployments_per_day",
    type: "gauge",
    help: "Deployments that were verified, per day of the window.",
    samples: ({ deploymentsPerDay }) => [{ value: deploymentsPerDay }],
  },
  {
    name: "delivery_lead_time_seconds",
    type: "gauge",
    unit: "seconds",
    help: "From the commit of the oldest change of a deployment until it was verified.",
    samples: ({ leadTime }) => times(leadTime),
  },
  {
    name: "delivery_change_failure_ratio",
    type: "gauge",
    unit: "ratio",
    help: "Share of the deployments that failed.",
    samples: ({ changeFailureRate }) => [{ value: changeFailureRate }],
  },
  {
    name: "delivery_time_to_restore_seconds",
    type: "gauge",
    unit: "seconds",
    help: "From the begin of a failed deployment until the environment was verified again.",
    samples: ({ timeToRestore }) => times(timeToRestore),
  },
  {
    name: "delivery_failed_updates",
    type: "gauge",
    help: "Updates of the stack that failed in the window.",
    samples: ({ failedUpdates }) => [{ value: failedUpdates }],
  },
];

/** The metrics in the text format of OpenMetrics 1.0; what is not known has no sample. Source: openmetrics.io. */
export function openMetrics(app: string, all: readonly Metrics[]): string {
  const lines = FAMILIES.flatMap(({ name, type, unit, help, samples }) => [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help}`,
    ...all.flatMap((metrics) =>
      samples(metrics).flatMap(({ labels, value }) =>
        value === undefined
          ? []
          : [`${name}${labelText({ app, environment: metrics.environment, ...labels })} ${value}`],
      ),
    ),
  ]);
  return [...lines, "# EOF"].join("\n");
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

export { hasFailed, metricsOf, timesOf } from "./metrics";
export type { Delivered, DeploymentWithChanges, FailedUpdate, MetricFacts, Metrics, Times } from "./metrics";
export { openMetrics } from "./openmetrics";
export { readMetrics, withChanges } from "./read";
export type { MetricsRequest } from "./read";

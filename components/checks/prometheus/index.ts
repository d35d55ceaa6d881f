export { prometheusKind } from "./prometheus";
export type { Prometheus, PrometheusArgs } from "./prometheus";

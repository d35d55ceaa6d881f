export * from "./pipeline";
export * from "./source";
export * from "./image";
export * from "./manifests";
export * from "./release";
export * from "./ledger";
export * from "./clusters";
export { checks } from "./checks";
export type {
  Check,
  Duration,
  HttpArgs,
  KubernetesArgs,
  PrometheusArgs,
  RolloutReadyArgs,
  SmokeJobArgs,
} from "./checks";
export * from "./push";
export * from "./pull";
export * from "./history";
export * from "./pending";
export * from "./guards";
export * from "./board";
export * from "./metrics";
export { Mistake } from "./mistake";

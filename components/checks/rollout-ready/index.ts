export { DEFAULT_RESTARTS, rolloutReadyKind } from "./rollout-ready";
export type { RolloutReady, RolloutReadyArgs } from "./rollout-ready";
export { ROLLOUT_KINDS } from "./workloads";

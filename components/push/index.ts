export type { PushDeliveryArgs, PushTargets, PushWave } from "./args";
export {
  DEFAULT_BAKE,
  DEFAULT_GATE_TIMEOUT,
  DEFAULT_MAX_FAILURES,
  DEFAULT_MAX_PARALLEL,
  DEFAULT_ON_UNREACHABLE,
  DEFAULT_WAVE,
  MAX_BAKE,
  MAX_GATE_TIMEOUT,
} from "./defaults";
export { PushDelivery } from "./delivery";
export type { ClusterRecord, ClusterState, DeliveredRecord } from "./record";
export type { ForceRule } from "./force";
export type { LedgerArgs } from "./ledger";
export { POD_SECURITY_PROFILE } from "./namespace";
export { FIELD_MANAGER } from "./field-manager";
export type { PullSecret } from "./pull-secret";
export { pusherRole } from "./pusher-role";
export type { Pusher, PusherRoleArgs } from "./pusher-role";
export type { WaveRules } from "./wave";
export type { OnUnreachable } from "./unreachable";
export type { RetiredCluster, Retirement } from "./standing";

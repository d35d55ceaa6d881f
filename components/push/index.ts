export type { PushDeliveryArgs, PushTargets, PushWave } from "./args";
export { DEFAULT_MAX_PARALLEL, DEFAULT_WAVE } from "./defaults";
export { PushDelivery } from "./delivery";
export type { ClusterRecord } from "./delivery";
export type { LedgerArgs } from "./ledger";
export { POD_SECURITY_PROFILE } from "./namespace";
export { FIELD_MANAGER } from "./object";

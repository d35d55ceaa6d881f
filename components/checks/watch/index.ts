export { look, LOOK_TIMEOUT_MS } from "./look";
export { CONFIRM_MS, LAPSE_MS, Progress } from "./progress";
export type { Outcome, Times } from "./progress";
export { FIRST_INTERVAL_MS, HEARTBEAT_MS, INTERVAL_MS, watch } from "./watch";
export type { WatchArgs, WatchedCluster, WatchTools } from "./watch";

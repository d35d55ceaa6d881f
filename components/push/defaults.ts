import type { Duration } from "../checks/duration";
import type { OnUnreachable } from "./unreachable";

/** How many clusters of a wave are changed at once. */
export const DEFAULT_MAX_PARALLEL = 1;
/** The name of the one wave that `clusters` makes. */
export const DEFAULT_WAVE = "all";
/** How many clusters of a wave may fail their checks. */
export const DEFAULT_MAX_FAILURES = 0;
/** How long the clusters of a wave have to stay as wanted before the next wave begins. */
export const DEFAULT_BAKE: Duration = "0s";
/** The longest time to bake inside of one update; a longer one belongs between two environments. */
export const MAX_BAKE: Duration = "30m";
/** How long the checks of a gate may take to pass: as long as Kubernetes lets a rollout go without progress. */
export const DEFAULT_GATE_TIMEOUT: Duration = "10m";
/** The longest time that a gate may be given. */
export const MAX_GATE_TIMEOUT: Duration = "2h";
/** What becomes of a delivery when one of its clusters cannot be reached. */
export const DEFAULT_ON_UNREACHABLE: OnUnreachable = "fail";

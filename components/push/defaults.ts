/** How many clusters of a wave are changed at once. */
export const DEFAULT_MAX_PARALLEL = 1;
/** The name of the one wave that `clusters` makes. */
export const DEFAULT_WAVE = "all";

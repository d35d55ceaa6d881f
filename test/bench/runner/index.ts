export { timed, tryTimed, worker } from "./child.ts";
export type { ChildOptions, Ran } from "./child.ts";
export { CONTROL_LIMIT, ControlLoop } from "./control.ts";
export { holds, memoryFinding, ratioOf, timeFinding } from "./finding.ts";
export { compareInRounds } from "./rounds.ts";
export { exponent, median, percentile } from "./stats.ts";

export { DEFAULT_DEADLINE_SECONDS, jobKind } from "./job";
export type { Job, JobArgs } from "./job";

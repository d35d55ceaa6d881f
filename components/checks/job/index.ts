export { jobKind } from "./job";
export type { Job, JobArgs } from "./job";

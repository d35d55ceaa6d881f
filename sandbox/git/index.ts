export * from "./client.ts";
export { ACTOR_VARIABLE, encodeActor } from "./policy/index.ts";
export type { Actor } from "./policy/index.ts";
export type { Fault, FaultEffect, FaultMatch, LoggedRequest, RequestFilter } from "./faults/index.ts";
export type { Access, Permission } from "./state/index.ts";
export * from "./start.ts";

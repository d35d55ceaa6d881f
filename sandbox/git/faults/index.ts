export * from "./faults.ts";
export * from "./inflict.ts";
export * from "./pattern.ts";
export * from "./request-log.ts";
export * from "./control.ts";

export * from "./address.ts";
export * from "./deliver.ts";
export * from "./handle-push.ts";
export * from "./push-payload.ts";
export * from "./request.ts";
export * from "./signature.ts";
export * from "./spool.ts";

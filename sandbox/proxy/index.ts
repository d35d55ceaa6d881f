export { proxyControl } from "./control.ts";
export type { ProxyControl } from "./control.ts";
export { forward, Target } from "./forward.ts";
export { startProxy } from "./start.ts";
export * from "./types.ts";

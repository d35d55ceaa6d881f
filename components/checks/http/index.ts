export { addressText, ask, checkAddress } from "./address";
export type { Address, HttpAnswer, ServiceAddress, UrlAddress } from "./address";
export { DEFAULT_PATH, DEFAULT_REQUESTS, DEFAULT_STATUS, httpKind } from "./http";
export type { Http, HttpArgs } from "./http";

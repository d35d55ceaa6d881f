import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that this set-up belongs to. */
export const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The same folder as `cacheRoot` of sandbox/paths.ts, which this cannot import before there is a Node for it. */
export function cacheRoot() {
  const { DELIVERY_CACHE, XDG_CACHE_HOME } = process.env;
  return DELIVERY_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pulumi-delivery");
}

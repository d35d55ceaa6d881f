import { createHash } from "node:crypto";
import { homedir, tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

/** The checkout that this sandbox belongs to. */
export const CHECKOUT = resolve(import.meta.dirname, "..");

/**
 * Where built tools and downloads are kept, outside of any checkout.
 * `DELIVERY_CACHE` names another place; else it is `pulumi-delivery` in `XDG_CACHE_HOME`.
 */
export function cacheRoot(): string {
  const { DELIVERY_CACHE, XDG_CACHE_HOME } = process.env;
  return DELIVERY_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pulumi-delivery");
}

/**
 * The folder of one sandbox, with everything that it keeps: data, sockets, logs, records of its processes.
 * Two checkouts, or two names in one checkout, never share one. It is short, since a Unix socket's path
 * may have 107 bytes at most (unix(7)).
 */
export function sandboxDir(name: string): string {
  const checkout = createHash("sha256").update(CHECKOUT).digest("hex").slice(0, 8);
  return join(tmpdir(), `pulumi-delivery-${userInfo().uid}`, `${checkout}-${name}`);
}

import { join } from "node:path";
import { accepts, startService } from "../processes/index.ts";
import { controlSocket, proxyControl } from "./control.ts";
import type { ProxyControl } from "./control.ts";
import type { Route } from "./types.ts";

/**
 * Starts the proxy of a sandbox, one process for all routes, and opens these routes; it is used as it is when it
 * runs already. Routes are not kept: whoever starts what is behind a route opens the route again.
 *
 * @param dir the sandbox's folder; its control socket is there and only for this user
 * @throws when a route is malformed, or its port is taken
 */
export async function startProxy(dir: string, routes: readonly Route[] = []): Promise<ProxyControl> {
  const socket = controlSocket(dir);
  await startService(dir, {
    name: "proxy",
    command: process.execPath,
    args: [join(import.meta.dirname, "main.ts"), socket],
    env: {},
    ready: () => accepts(socket),
  });
  const control = proxyControl(dir);
  for (const route of routes) await control.put(route);
  return control;
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestOptions } from "node:http";
import type { AddressInfo } from "node:net";
import { waitUntil } from "../processes/index.ts";
import { askEngine, engineAddress, engineVersion } from "./engine-api.ts";

/** What the client of Debian 12 speaks; an engine from 29 on does not. */
const CLIENT_API = 41;
const WAIT_MS = 3_000;
const LOOPBACK = /^127\.\d+\.\d+\.\d+:\d+$/;

export interface ExistingEngine {
  readonly host: string;
  readonly version: string;
}

/** The engine that answers there, if it can push to these registries; undefined when it does not or cannot. */
export async function findEngine(
  host: string,
  insecureRegistries: readonly string[],
): Promise<ExistingEngine | undefined> {
  const address = engineAddress(host);
  // Every engine takes plain HTTP from 127.0.0.0/8, and from others only if it was told so when it started.
  if (address === undefined || !insecureRegistries.every((registry) => LOOPBACK.test(registry)))
    return undefined;
  const found = await engineVersion(address).catch(() => undefined);
  if (found === undefined || Number(found.minApi.split(".")[1]) > CLIENT_API) return undefined;
  return (await reachesLoopback(address)) ? { host, version: found.version } : undefined;
}

/** Lets the engine pull from a server of ours: one in a virtual machine has a loopback of its own and never comes. */
async function reachesLoopback(address: RequestOptions): Promise<boolean> {
  let isReached = false;
  const server = createServer((_req, res) => {
    isReached = true;
    res.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const path = `/images/create?fromImage=127.0.0.1:${port}/sandbox/reach&tag=none`;
  try {
    await askEngine(address, "POST", path).catch(() => {});
    return await waitUntil(async () => isReached, isReached ? 0 : WAIT_MS);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

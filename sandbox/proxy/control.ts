import { join } from "node:path";
import { order } from "./control-client.ts";
import type { Answer, Cut, Fault, Reads, RequestRecord, Route, Slowness, Stats } from "./types.ts";

/** Orders to a sandbox's proxy. Each is carried out when its promise is kept. */
export interface ProxyControl {
  /** Opens a route, or replaces the one of that name. One that is open as given stays as it is, faults included. */
  put(route: Route): Promise<void>;
  /** Closes a route and resets its connections. Nothing happens when there is none. */
  remove(name: string): Promise<void>;
  routes(): Promise<Route[]>;
  /** Ends every fault and answer of the route. */
  pass(name: string): Promise<void>;
  /** Nothing listens any more; open connections are reset. Until `pass` another process could take the port. */
  refuse(name: string): Promise<void>;
  /** A black hole: connections are accepted and read, and never answered, open ones included. */
  swallow(name: string): Promise<void>;
  slow(name: string, slowness: Slowness): Promise<void>;
  /** Lets this many bytes from clients pass, then resets the connection that sends more. */
  cutAfter(name: string, cut: Cut): Promise<void>;
  /** Switches between handing on bytes and reading requests; open connections are reset. */
  read(name: string, reads: Reads): Promise<void>;
  /** Adds an answer that is given in the target's place. The route must read requests. */
  answer(name: string, answer: Answer): Promise<void>;
  stats(name: string): Promise<Stats>;
  /** @throws when more came than are kept (`MAX_REQUESTS`), or the route reads bytes */
  requests(name: string): Promise<RequestRecord[]>;
  /** Sets stats and requests of the route to zero. */
  resetCounts(name: string): Promise<void>;
}

/** Where the proxy of this sandbox takes orders. */
export const controlSocket = (dir: string): string => join(dir, "proxy.sock");

/** Control of the proxy that {@link startProxy} started in this sandbox. */
export function proxyControl(dir: string): ProxyControl {
  const send = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    order<T>(controlSocket(dir), method, path, body);
  const at = (name: string, part: string): string => `/routes/${encodeURIComponent(name)}${part}`;
  const set = (name: string, fault: Fault): Promise<void> => send("PUT", at(name, "/fault"), fault);
  return {
    put: (route) => send("PUT", "/routes", route),
    remove: (name) => send("DELETE", at(name, "")),
    routes: () => send("GET", "/routes"),
    pass: (name) => set(name, { kind: "pass" }),
    refuse: (name) => set(name, { kind: "refuse" }),
    swallow: (name) => set(name, { kind: "swallow" }),
    slow: (name, slowness) => set(name, { kind: "slow", ...slowness }),
    cutAfter: (name, cut) => set(name, { kind: "cut", ...cut }),
    read: (name, reads) => send("PUT", at(name, "/reads"), reads),
    answer: (name, answer) => send("POST", at(name, "/answers"), answer),
    stats: (name) => send("GET", at(name, "/stats")),
    requests: (name) => send("GET", at(name, "/requests")),
    resetCounts: (name) => send("DELETE", at(name, "/counts")),
  };
}

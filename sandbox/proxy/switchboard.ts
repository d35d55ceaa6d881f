import { isDeepStrictEqual } from "node:util";
import { checkAnswer, checkFault, checkRoute } from "./check.ts";
import { RouteServer } from "./route-server.ts";
import type { Answer, Fault, Route } from "./types.ts";

/** The routes of one proxy, by name. */
export class Switchboard {
  readonly #servers = new Map<string, { readonly given: Route; readonly server: RouteServer }>();

  /** Opens a route. One that is open as given stays as it is, faults included; one that differs is replaced. */
  async put(route: Route): Promise<void> {
    assertNone(`Route ${route.name} was not opened`, checkRoute(route));
    const known = this.#servers.get(route.name);
    if (known !== undefined && isDeepStrictEqual(known.given, route)) return;
    this.remove(route.name);
    const server = new RouteServer(route);
    await server.open().catch((error: Error) => {
      server.close();
      throw new Error(`Route ${route.name} was not opened: ${error.message}`);
    });
    this.#servers.set(route.name, { given: route, server });
  }

  remove(name: string): void {
    this.#servers.get(name)?.server.close();
    this.#servers.delete(name);
  }

  routes(): Route[] {
    return [...this.#servers.values()].map(({ server }) => server.route);
  }

  async set(name: string, fault: Fault): Promise<void> {
    assertNone(`Route ${name} was left as it is`, checkFault(fault));
    await this.find(name).set(fault);
  }

  answer(name: string, answer: Answer): void {
    assertNone(`Route ${name} was left as it is`, checkAnswer(answer));
    this.find(name).answer(answer);
  }

  /** @throws when there is no such route */
  find(name: string): RouteServer {
    const known = this.#servers.get(name);
    if (known !== undefined) return known.server;
    const names = [...this.#servers.keys()].join(", ") || "none";
    throw new Error(`The proxy has no route ${JSON.stringify(name)}; it has: ${names}.`);
  }

  close(): void {
    for (const name of [...this.#servers.keys()]) this.remove(name);
  }
}

function assertNone(what: string, problems: readonly string[]): void {
  if (problems.length > 0)
    throw new Error([`${what}:`, ...problems.map((problem) => `  - ${problem}`)].join("\n"));
}

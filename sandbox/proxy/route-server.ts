import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { Answers } from "./answers.ts";
import { Connection, resetSocket } from "./connection.ts";
import { openGateway } from "./gateway.ts";
import type { Gateway } from "./gateway.ts";
import { RequestLog } from "./request-log.ts";
import { Traffic } from "./traffic.ts";
import type { Answer, Fault, Reads, RequestRecord, Route, Stats } from "./types.ts";

/** One route at work: its listener, its open connections, and what happens to them. */
export class RouteServer {
  #route: Route;
  readonly #traffic = new Traffic();
  readonly #requests = { answers: new Answers(), log: new RequestLog() };
  readonly #connections = new Set<Connection>();
  /** Accepted while everything is swallowed: the target never hears of them. */
  readonly #lost = new Set<Socket>();
  #listener: Server | undefined;
  #gateway: Gateway | undefined;

  constructor(route: Route) {
    this.#route = route;
  }

  get route(): Route {
    return this.#route;
  }

  /** @throws when the port is taken, or a file of `tls` cannot be read */
  async open(): Promise<void> {
    if (this.#route.reads === "requests") this.#gateway ??= await openGateway(this.#route, this.#requests);
    await this.#listen();
  }

  close(): void {
    this.#stopListening();
    this.#resetAll();
    this.#gateway?.close();
    this.#gateway = undefined;
  }

  /** Connections that are open follow, too. Those that lost data are reset when nothing is swallowed any more. */
  async set(fault: Fault): Promise<void> {
    this.#traffic.set(fault);
    if (fault.kind === "pass") this.#requests.answers.clear();
    if (fault.kind === "swallow") for (const connection of this.#connections) connection.swallow();
    else this.#resetSwallowed();
    if (fault.kind !== "refuse") return this.#listen();
    this.#stopListening();
    this.#resetAll();
  }

  /** Open connections are reset: nobody can read requests from the middle of one. */
  async read(reads: Reads): Promise<void> {
    if ((this.#route.reads ?? "bytes") === reads) return;
    const gateway = reads === "requests" ? await openGateway(this.#route, this.#requests) : undefined;
    this.#route = { ...this.#route, reads };
    this.#resetAll();
    this.#gateway?.close();
    this.#gateway = gateway;
  }

  /** @throws when the route reads bytes */
  answer(answer: Answer): void {
    this.#assertReadsRequests();
    this.#requests.answers.add(answer);
  }

  /** @throws when the route reads bytes, or had more requests than are kept */
  requests(): readonly RequestRecord[] {
    this.#assertReadsRequests();
    return this.#requests.log.all();
  }

  stats(): Stats {
    return this.#traffic.stats(this.#connections.size + this.#lost.size);
  }

  resetCounts(): void {
    this.#traffic.reset();
    this.#requests.log.reset();
  }

  #assertReadsRequests(): void {
    if (this.#gateway !== undefined) return;
    const { name } = this.#route;
    throw new Error(
      `Route ${name} hands on bytes and knows no requests. Call read("${name}", "requests") first.`,
    );
  }

  async #listen(): Promise<void> {
    if (this.#listener !== undefined) return;
    const listener = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    listener.listen({ port: this.#route.listenPort, host: "127.0.0.1" });
    await once(listener, "listening");
    this.#listener = listener;
  }

  #stopListening(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }

  #accept(client: Socket): void {
    this.#traffic.accept();
    if (this.#traffic.fault.kind === "swallow") return this.#lose(client);
    const port = this.#gateway?.port ?? this.#route.targetPort;
    const target = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const connection = new Connection(client, target, this.#traffic);
    this.#connections.add(connection);
    client.on("close", () => this.#connections.delete(connection));
  }

  #lose(client: Socket): void {
    this.#lost.add(client);
    client.on("data", (data) => this.#traffic.count("in", data.length)).on("error", () => {});
    client.on("close", () => this.#lost.delete(client));
  }

  #resetSwallowed(): void {
    for (const client of this.#lost) resetSocket(client);
    for (const connection of this.#connections) if (connection.swallowed) connection.reset();
  }

  #resetAll(): void {
    for (const client of this.#lost) resetSocket(client);
    for (const connection of this.#connections) connection.reset();
  }
}

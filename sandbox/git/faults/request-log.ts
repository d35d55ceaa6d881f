import type { IncomingMessage, ServerResponse } from "node:http";
import { timestamp } from "../state/index.ts";
import { matchesPath } from "./pattern.ts";

/** A request that the server got, for tests to assert on. Nothing of its body or its headers is kept. */
export interface LoggedRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Who asked; undefined for nobody, or when a fault answered. */
  readonly login?: string;
  /** 0 until it is answered, and for ever when the connection ended before. */
  readonly status: number;
}

export interface RequestFilter {
  readonly method?: string;
  /** As in a fault: `*` for any characters, and the query counts when it has a `?`. */
  readonly path?: string;
}

/** Older requests are forgotten. */
export const KEPT_REQUESTS = 20_000;

type Entry = { -readonly [K in keyof LoggedRequest]: LoggedRequest[K] };

/** The last requests, in memory: a restart begins a new log. */
export class RequestLog {
  #entries: Entry[] = [];
  readonly #open = new WeakMap<IncomingMessage, Entry>();

  keep(req: IncomingMessage, res: ServerResponse): void {
    const [path = "/", query = ""] = (req.url ?? "/").split("?");
    const entry: Entry = { at: timestamp(), method: req.method ?? "GET", path, query, status: 0 };
    this.#entries.push(entry);
    if (this.#entries.length > KEPT_REQUESTS) this.#entries = this.#entries.slice(-KEPT_REQUESTS / 2);
    this.#open.set(req, entry);
    res.on("finish", () => (entry.status = res.statusCode));
  }

  identify(req: IncomingMessage, login: string): void {
    const entry = this.#open.get(req);
    if (entry) entry.login = login;
  }

  list({ method, path }: RequestFilter): readonly LoggedRequest[] {
    return this.#entries.filter((entry) => {
      if (method !== undefined && method.toUpperCase() !== entry.method) return false;
      const url = entry.query === "" ? entry.path : `${entry.path}?${entry.query}`;
      return path === undefined || matchesPath(path, url);
    });
  }

  clear(): void {
    this.#entries = [];
  }
}

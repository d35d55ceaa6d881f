/** What a route makes of the bytes: hand them on, whatever they are, or read HTTP requests in them. */
export type Reads = "bytes" | "requests";

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Whom the target's certificate must be from. @default `certificate`, for a target that shows the same one */
  readonly ca?: string;
}

/** One way through the proxy, between two ports of 127.0.0.1. */
export interface Route {
  /** Lower-case letters, digits, "-" and "."; unique in its sandbox. */
  readonly name: string;
  readonly listenPort: number;
  readonly targetPort: number;
  /**
   * "bytes" lets TLS pass untouched. "requests" counts HTTP requests and can answer some itself; the target then
   * sees HTTP/1.1, and no client certificate.
   *
   * @default "bytes"
   */
  readonly reads?: Reads;
  /** For a target that speaks TLS: what is shown to clients where requests are read. @default plain HTTP */
  readonly tls?: TlsFiles;
}

/** What happens to the connections of a route. */
export type Fault =
  | { readonly kind: "pass" }
  | { readonly kind: "refuse" }
  | { readonly kind: "swallow" }
  | ({ readonly kind: "slow" } & Slowness)
  | ({ readonly kind: "cut" } & Cut);

export interface Slowness {
  /** How long each piece of data is held back, in each direction, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** For each connection and direction. @default no limit */
  readonly bytesPerSecond?: number;
}

export interface Cut {
  /** How many bytes still pass from clients to the target, over all connections of the route together. */
  readonly bytes: number;
  /** What comes after the connection that wanted to send more was reset. @default "cut": every later one is, too */
  readonly then?: "cut" | "pass";
}

/** An answer that the proxy gives in the target's place. The first one that fits a request is given. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Which part of the fitting requests gets it, from 0 to 1, drawn for each at random. @default 1 */
  readonly share?: number;
  /** @default every method */
  readonly method?: string;
  /** A regular expression somewhere in path and query. @default every path */
  readonly pathPattern?: string;
  /** How many fitting requests pass before the first is answered. @default 0 */
  readonly after?: number;
  /** How many requests get it; then it is used up. @default no limit */
  readonly count?: number;
}

/** Since the route was made or last reset. */
export interface Stats {
  /** Connections accepted, ever. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** From clients. */
  readonly bytesIn: number;
  /** To clients. */
  readonly bytesOut: number;
  /** Connections reset by "cut". */
  readonly cut: number;
}

/** One request, in the order in which they came. */
export interface RequestRecord {
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** 0 when it got no answer: the connection ended first. */
  readonly status: number;
  /** Whether the proxy gave the answer itself. */
  readonly made: boolean;
}

/** How many requests of one route are kept. */
export const MAX_REQUESTS = 20_000;

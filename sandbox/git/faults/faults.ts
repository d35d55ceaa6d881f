import { matchesPath } from "./pattern.ts";

/** What is done to a request instead of, or before, answering it. */
export type FaultEffect =
  /** Answered with this status; nothing is changed. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfterSeconds?: number }
  /** GitHub's 403 for too many requests: the secondary limit has `retry-after`, the primary a reset time. */
  | {
      readonly kind: "rate-limit";
      readonly limit: "primary" | "secondary";
      readonly retryAfterSeconds: number;
    }
  /** Answered as usual, later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection ends after the server has read this many bytes of the request's body. */
  | { readonly kind: "cut-request"; readonly afterBytes: number }
  /** The request is carried out, and the connection ends after this many bytes of the answer's body. */
  | { readonly kind: "cut-response"; readonly afterBytes: number }
  /** Not answered until the fault is cleared; then as usual. */
  | { readonly kind: "pause" };

export interface FaultMatch {
  /** @default every method */
  readonly method?: string;
  /**
   * `*` stands for any characters; a pattern with `?` is compared with the query too.
   *
   * @default every path
   * @example "/acme/deploy.git/info/refs?service=git-receive-pack"
   */
  readonly path?: string;
  /** Requests that match and are let through first. @default 0 */
  readonly skip?: number;
  /** How many requests it happens to. @default all of them, until the fault is cleared */
  readonly times?: number;
}

export type Fault = FaultMatch & FaultEffect;

interface Armed {
  readonly id: number;
  readonly fault: Fault;
  toSkip: number;
  left: number;
  readonly cleared: Promise<void>;
  readonly clear: () => void;
}

/** What happens to a request, and when a pause of it ends. */
export interface Struck {
  readonly effect: FaultEffect;
  readonly cleared: Promise<void>;
}

/** The faults that are set. At most one, the first that fits, happens to a request. */
export class Faults {
  #armed: Armed[] = [];
  #lastId = 0;

  set(fault: Fault): number {
    const id = ++this.#lastId;
    const left = fault.times ?? Number.POSITIVE_INFINITY;
    let clear = (): void => {};
    const cleared = new Promise<void>((resolve) => (clear = resolve));
    this.#armed.push({ id, fault, toSkip: fault.skip ?? 0, left, cleared, clear });
    return id;
  }

  /** Clears one fault, or all of them. */
  clear(id?: number): void {
    for (const armed of this.#armed) if (id === undefined || armed.id === id) armed.clear();
    this.#armed = this.#armed.filter((armed) => id !== undefined && armed.id !== id);
  }

  list(): readonly { readonly id: number; readonly fault: Fault; readonly left: number | null }[] {
    return this.#armed.map(({ id, fault, left }) => ({
      id,
      fault,
      left: Number.isFinite(left) ? left : null,
    }));
  }

  strike(method: string, url: string): Struck | undefined {
    for (const armed of this.#armed) {
      if (armed.left <= 0 || !fits(armed.fault, method, url)) continue;
      if (armed.toSkip-- > 0) continue;
      armed.left -= 1;
      return { effect: armed.fault, cleared: armed.cleared };
    }
    return undefined;
  }
}

function fits(fault: Fault, method: string, url: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  return fault.path === undefined || matchesPath(fault.path, url);
}

const KINDS: readonly string[] = ["status", "rate-limit", "delay", "cut-request", "cut-response", "pause"];

/** What is wrong with a fault that came over the wire. */
export function checkFault(fault: Readonly<Record<string, unknown>>): string[] {
  const kind = String(fault["kind"]);
  if (!KINDS.includes(kind)) return [`"kind" is ${kind}; it must be one of ${KINDS.join(", ")}`];
  const numbers: Readonly<Record<string, string>> = {
    status: "status",
    "rate-limit": "retryAfterSeconds",
    delay: "ms",
    "cut-request": "afterBytes",
    "cut-response": "afterBytes",
  };
  const needed = numbers[kind];
  if (needed === undefined || Number.isInteger(fault[needed])) return [];
  return [`"${needed}" must be a whole number for a fault of kind "${kind}"`];
}

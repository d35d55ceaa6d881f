import { MAX_REQUESTS } from "./types.ts";
import type { RequestRecord } from "./types.ts";

/** A request whose answer is not known yet. */
export type OpenRequest = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

/** The requests of one route, up to a limit: past it nothing can be said about all of them. */
export class RequestLog {
  readonly #limit: number;
  #records: OpenRequest[] = [];
  #isFull = false;

  constructor(limit = MAX_REQUESTS) {
    this.#limit = limit;
  }

  open(method: string, path: string): OpenRequest {
    const record: OpenRequest = { at: Date.now(), method, path, status: 0, made: false };
    if (this.#records.length < this.#limit) this.#records.push(record);
    else this.#isFull = true;
    return record;
  }

  /** @throws when there were more than are kept: a count of them would be too small */
  all(): readonly RequestRecord[] {
    if (!this.#isFull) return this.#records;
    throw new Error(`More than ${this.#limit} requests came; reset the counts before what is to be counted.`);
  }

  reset(): void {
    this.#records = [];
    this.#isFull = false;
  }
}

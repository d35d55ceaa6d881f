import type { PullLimit } from "./settings.ts";

interface Window {
  readonly ends: number;
  used: number;
}

/** Counts pulls for each identity, in a window that begins with the first one. */
export class PullCounter {
  readonly #limit: PullLimit;
  readonly #windows = new Map<string, Window>();

  constructor(limit: PullLimit) {
    this.#limit = limit;
  }

  /** @param now in milliseconds */
  remaining(identity: string, now: number): number {
    return Math.max(0, this.#limit.pulls - this.#window(identity, now).used);
  }

  count(identity: string, now: number): void {
    this.#window(identity, now).used++;
  }

  /** As Docker Hub says it, for example `ratelimit-remaining: 76;w=21600`. */
  headers(identity: string, now: number): string[] {
    const { pulls, windowSeconds } = this.#limit;
    const remaining = `${this.remaining(identity, now)};w=${windowSeconds}`;
    return ["ratelimit-limit", `${pulls};w=${windowSeconds}`, "ratelimit-remaining", remaining];
  }

  #window(identity: string, now: number): Window {
    const known = this.#windows.get(identity);
    if (known !== undefined && now < known.ends) return known;
    const fresh = { ends: now + this.#limit.windowSeconds * 1000, used: 0 };
    this.#windows.set(identity, fresh);
    return fresh;
  }
}

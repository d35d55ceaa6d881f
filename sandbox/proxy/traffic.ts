import type { Fault, Slowness, Stats } from "./types.ts";

export type Direction = "in" | "out";

const PASS: Fault = { kind: "pass" };

/** What went through one route, and what happens to it there. */
export class Traffic {
  #fault: Fault = PASS;
  #accepted = 0;
  #cut = 0;
  #bytes = { in: 0, out: 0 };
  /** Bytes that a cut still lets pass. */
  #left = Infinity;

  get fault(): Fault {
    return this.#fault;
  }

  set(fault: Fault): void {
    this.#fault = fault;
    this.#left = fault.kind === "cut" ? fault.bytes : Infinity;
  }

  accept(): void {
    this.#accepted++;
  }

  count(direction: Direction, bytes: number): void {
    this.#bytes[direction] += bytes;
  }

  /** How many of these bytes from a client may go on. With fewer than all of them, its connection is cut. */
  admit(bytes: number): number {
    const admitted = Math.min(bytes, this.#left);
    this.#left -= admitted;
    if (admitted < bytes) this.#onCut();
    return admitted;
  }

  #onCut(): void {
    this.#cut++;
    if (this.#fault.kind === "cut" && this.#fault.then === "pass") this.set(PASS);
  }

  get slowness(): Slowness | undefined {
    return this.#fault.kind === "slow" ? this.#fault : undefined;
  }

  stats(open: number): Stats {
    return {
      accepted: this.#accepted,
      open,
      bytesIn: this.#bytes.in,
      bytesOut: this.#bytes.out,
      cut: this.#cut,
    };
  }

  reset(): void {
    this.#accepted = 0;
    this.#cut = 0;
    this.#bytes = { in: 0, out: 0 };
  }
}

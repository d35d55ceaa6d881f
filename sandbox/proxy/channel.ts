import { Transform } from "node:stream";
import type { TransformCallback } from "node:stream";
import { DelayLine } from "./delay.ts";
import type { Piece } from "./delay.ts";
import type { Direction, Traffic } from "./traffic.ts";

/** How much a slow channel holds back before it stops reading, in bytes: the window of a real line. */
const WINDOW = 1024 * 1024;

/**
 * One direction of one connection. Counts what passes, holds it back while the route is slow, and ends after the
 * last byte that a cut lets pass, with the event "cut".
 */
export class Channel extends Transform {
  readonly #traffic: Traffic;
  readonly #direction: Direction;
  readonly #line = new DelayLine();
  #waiting: Piece[] = [];
  #held = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Called when more may come, or when the last piece is out. */
  #resume: (() => void) | undefined;
  #ended = false;

  constructor(traffic: Traffic, direction: Direction) {
    super();
    this.#traffic = traffic;
    this.#direction = direction;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    if (this.#ended) return done();
    const admitted = this.#direction === "in" ? this.#traffic.admit(chunk.length) : chunk.length;
    this.#traffic.count(this.#direction, admitted);
    if (admitted === chunk.length) return this.#pass(chunk, done);
    this.#ended = true;
    this.push(chunk.subarray(0, admitted));
    this.emit("cut");
    this.push(null);
    done();
  }

  #pass(chunk: Buffer, done: TransformCallback): void {
    const slowness = this.#traffic.slowness;
    if (slowness === undefined && this.#waiting.length === 0) return done(null, chunk);
    this.#waiting.push(...this.#line.schedule(chunk, performance.now(), slowness ?? {}));
    this.#held += chunk.length;
    if (this.#held < WINDOW) done();
    else this.#resume = done;
    this.#wait();
  }

  #wait(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#release(), first.due - performance.now());
  }

  #release(): void {
    this.#timer = undefined;
    // A timer may fire up to a millisecond early.
    const now = performance.now() + 1;
    while (this.#waiting[0] !== undefined && this.#waiting[0].due <= now) {
      const { data } = this.#waiting.shift() as Piece;
      this.#held -= data.length;
      this.push(data);
    }
    this.#wait();
    const isFlush = this.writableEnded;
    if (isFlush ? this.#waiting.length === 0 : this.#held < WINDOW) this.#callResume();
  }

  #callResume(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  override _flush(done: TransformCallback): void {
    if (this.#waiting.length === 0) done();
    else this.#resume = done;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    done(error);
  }
}

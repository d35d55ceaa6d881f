import type { Slowness } from "./types.ts";

/** A limited rate is kept by handing on pieces, this many in a second. */
const PIECES_PER_SECOND = 20;

export interface Piece {
  readonly data: Buffer;
  /** When it may go on, on the clock of `now`. */
  readonly due: number;
}

/** When data that comes at certain times leaves a slow line: after its turn at the given rate, and the latency. */
export class DelayLine {
  /** When the line is free again. */
  #free = 0;
  #lastDue = 0;

  /** The pieces, in order; none is due before the one ahead of it. */
  schedule(data: Buffer, now: number, { latencyMs = 0, bytesPerSecond = Infinity }: Slowness): Piece[] {
    const size = pieceSize(bytesPerSecond, data.length);
    const pieces: Piece[] = [];
    for (let at = 0; at < data.length; at += size) {
      const piece = data.subarray(at, at + size);
      this.#free = Math.max(this.#free, now) + (piece.length / bytesPerSecond) * 1000;
      this.#lastDue = Math.max(this.#lastDue, this.#free + latencyMs);
      pieces.push({ data: piece, due: this.#lastDue });
    }
    return pieces;
  }
}

function pieceSize(bytesPerSecond: number, length: number): number {
  return bytesPerSecond === Infinity ? length : Math.max(1, Math.floor(bytesPerSecond / PIECES_PER_SECOND));
}

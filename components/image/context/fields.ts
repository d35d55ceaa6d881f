import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";

/**
 * A hash over fields. Each is written with its length before it, and a list with its count, so that no two
 * different inputs are the same bytes: `["ab", "c"]` and `["a", "bc"]` differ.
 */
export class FieldHash {
  private readonly hash: Hash = createHash("sha256");

  field(value: string | Buffer): this {
    const bytes = Buffer.from(value);
    this.length(bytes.length);
    this.hash.update(bytes);
    return this;
  }

  /** A list of rows, each written by `write`. */
  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.length(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** Lower-case hexadecimal; nothing can be added afterwards. */
  digest(): string {
    return this.hash.digest("hex");
  }

  private length(count: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(count));
    this.hash.update(bytes);
  }
}

import { once } from "node:events";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Channel } from "../../../sandbox/proxy/channel.ts";
import { Traffic } from "../../../sandbox/proxy/traffic.ts";

/** What comes out of a channel when these chunks go in. */
async function send(traffic: Traffic, chunks: readonly Uint8Array[]): Promise<Buffer> {
  const channel = new Channel(traffic, "in");
  const out = buffer(channel.pipe(new PassThrough()));
  for (const chunk of chunks) if (!channel.write(chunk)) await once(channel, "drain");
  channel.end();
  return out;
}

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 10 });

describe("one direction of a connection", () => {
  it("hands on exactly the bytes before a cut, wherever it falls", async () => {
    const property = fc.asyncProperty(chunks, fc.integer({ min: 0, max: 3_000 }), async (sent, bytes) => {
      const traffic = new Traffic();
      traffic.set({ kind: "cut", bytes });
      const whole = Buffer.concat(sent);
      expect(await send(traffic, sent)).toEqual(whole.subarray(0, bytes));
      expect(traffic.stats(0)).toMatchObject({
        bytesIn: Math.min(bytes, whole.length),
        cut: whole.length > bytes ? 1 : 0,
      });
    });
    await fc.assert(property);
  });

  it("cuts every later connection too, unless one cut was asked for", async () => {
    const twice = async (then: "cut" | "pass"): Promise<number> => {
      const traffic = new Traffic();
      traffic.set({ kind: "cut", bytes: 3, then });
      await send(traffic, [Buffer.from("abcdef")]);
      return (await send(traffic, [Buffer.from("abcdef")])).length;
    };
    expect(await twice("cut")).toBe(0);
    expect(await twice("pass")).toBe(6);
  });

  it("counts the cut's bytes over all connections together", async () => {
    const traffic = new Traffic();
    traffic.set({ kind: "cut", bytes: 5 });
    expect((await send(traffic, [Buffer.from("abc")])).toString()).toBe("abc");
    expect((await send(traffic, [Buffer.from("def")])).toString()).toBe("de");
  });

  it("loses nothing on a slow line, and holds it back as long as it should", async () => {
    const traffic = new Traffic();
    traffic.set({ kind: "slow", latencyMs: 30, bytesPerSecond: 20_000 });
    const sent = Buffer.from(Array.from({ length: 2_000 }, (_, at) => at % 251));
    const start = performance.now();
    expect(await send(traffic, [sent.subarray(0, 700), sent.subarray(700)])).toEqual(sent);
    expect(performance.now() - start).toBeGreaterThanOrEqual(129);
  });

  it("keeps the order when the line becomes fast again in the middle", async () => {
    const traffic = new Traffic();
    traffic.set({ kind: "slow", latencyMs: 40 });
    const channel = new Channel(traffic, "in");
    const out = buffer(channel);
    channel.write("first ");
    traffic.set({ kind: "pass" });
    channel.write("second");
    channel.end();
    expect((await out).toString()).toBe("first second");
  });

  it("passes more than its window on a slow line", async () => {
    const traffic = new Traffic();
    traffic.set({ kind: "slow", latencyMs: 5 });
    const sent = Array.from({ length: 50 }, () => Buffer.alloc(64 * 1024, 1));
    expect(await send(traffic, sent)).toHaveLength(50 * 64 * 1024);
  });
});

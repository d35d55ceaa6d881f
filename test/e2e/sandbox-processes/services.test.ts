import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  accepts,
  freePort,
  isAlive,
  listRecords,
  signalGroup,
  startService,
  stopAllServices,
  stopService,
  waitUntil,
} from "../../../sandbox/processes/index.ts";
import type { ServiceSpec } from "../../../sandbox/processes/index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "services-"));
});
afterEach(async () => {
  await stopAllServices(dir);
  rmSync(dir, { recursive: true, force: true });
});

async function listener(name = "listener"): Promise<ServiceSpec> {
  const port = await freePort();
  const program = `require("node:net").createServer().listen(${port}, "127.0.0.1")`;
  return { name, command: process.execPath, args: ["-e", program], env: {}, ready: () => accepts(port) };
}

describe("a service", () => {
  it("is ready when it is said to be started, and is kept when it is started again", async () => {
    const spec = await listener();
    const first = await startService(dir, spec);
    expect(await spec.ready()).toBe(true);
    expect(await startService(dir, spec)).toEqual(first);
  });

  it("is started anew right after it was killed", async () => {
    const spec = await listener();
    const first = await startService(dir, spec);
    signalGroup(first.pid, "SIGKILL");
    await waitUntil(async () => !(await spec.ready()), 10_000);
    const second = await startService(dir, spec);
    expect(second.pid).not.toBe(first.pid);
    expect(await spec.ready()).toBe(true);
  });

  it("that ends before it is ready fails with the end of its log, and leaves no record", async () => {
    const program = 'console.error("the disk is full"); process.exit(3)';
    const spec = { ...(await listener()), args: ["-e", program] };
    await expect(startService(dir, spec)).rejects.toThrow(/ended before it was ready[\s\S]*the disk is full/);
    expect(listRecords(dir)).toEqual([]);
  });

  it("that is never ready is stopped and says how long it had", async () => {
    const spec = { ...(await listener()), ready: async () => false, readyTimeoutMs: 200 };
    await expect(startService(dir, spec)).rejects.toThrow("was not ready after 0.2 s");
    expect(listRecords(dir)).toEqual([]);
  });

  it("whose command does not exist says so", async () => {
    const spec = { ...(await listener()), command: join(dir, "nothing") };
    await expect(startService(dir, spec)).rejects.toThrow("cannot be run");
  });

  it("that was paused ends at once when it is stopped", async () => {
    const spec = await listener();
    const record = await startService(dir, spec);
    signalGroup(record.pid, "SIGSTOP");
    const limitMs = 60_000;
    await stopService(dir, spec.name, limitMs);
    expect(isAlive(record)).toBe(false);
  }, 30_000);

  it("stops with every process of its group, and one of another id is left alone", async () => {
    const child =
      'require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);';
    const spec = await listener();
    const record = await startService(dir, { ...spec, args: ["-e", child + spec.args[1]] });
    const other = await startService(dir, await listener("other"));
    await stopService(dir, spec.name);
    expect(() => process.kill(-record.pid, 0)).toThrow("ESRCH");
    expect(isAlive(other)).toBe(true);
  });
});

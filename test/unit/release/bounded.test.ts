import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { endPrograms, runBounded } from "../../../components/source/bounded";
import type { Bounds, Ended } from "../../../components/source/bounded";
import { startTicksOf, waitUntil } from "../../../sandbox/processes/index.ts";

const bounds: Bounds = { cwd: tmpdir(), env: { PATH: process.env["PATH"] }, seconds: 15, maxBytes: 1000 };
const node = (program: string, change: Partial<Bounds> = {}): Promise<Ended> =>
  runBounded(process.execPath, ["-e", program], { ...bounds, ...change });

/** Starts a program that leaves its process id and does not end. */
const CHILD = `const { spawn } = require("node:child_process");
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
process.stdout.write(String(child.pid));`;
const isGone = (pid: number): Promise<boolean> =>
  waitUntil(async () => startTicksOf(pid) === undefined, 5000);

describe("a program with bounds", () => {
  it("is run to its end, with its input and nothing but the given environment", async () => {
    const program = 'process.stdin.on("data", (text) => console.log(`${text}:${Object.keys(process.env)}`))';
    const ended = await node(program, { input: "hello", env: { ONLY: "1" } });
    expect(ended).toMatchObject({
      code: 0,
      stdout: "hello:ONLY\n",
      exceeded: undefined,
      startError: undefined,
    });
  });

  it("that fails, or reads no input, is known by its exit code and its words", async () => {
    const input = "x".repeat(1_000_000);
    expect(await node('console.error("why"); process.exit(3)', { input })).toMatchObject({
      code: 3,
      stderr: "why\n",
    });
  });

  it("that does not start is known by the reason", async () => {
    expect(await runBounded("/nowhere/program", [], bounds)).toMatchObject({
      code: undefined,
      startError: "ENOENT",
    });
  });

  it("is ended with all that it has started when its time is over", async () => {
    const ended = await node(`${CHILD} while (true);`, { seconds: 3 });
    expect(ended).toMatchObject({ code: undefined, exceeded: "seconds" });
    expect(await isGone(Number(ended.stdout))).toBe(true);
  });

  it("is ended when it says too much, and what is kept of that is within the bound", async () => {
    const ended = await node('setInterval(() => process.stdout.write("x".repeat(300)), 1)');
    expect(ended.exceeded).toBe("maxBytes");
    expect(ended.stdout.length).toBeLessThanOrEqual(1000);
  });

  it("is ended by the end of all programs", async () => {
    const ended = node("setInterval(() => {}, 1000)");
    endPrograms();
    expect(await ended).toMatchObject({ code: undefined, exceeded: undefined });
  });
});

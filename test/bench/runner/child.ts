import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Sample } from "../contract.ts";

/** Where a child process runs. */
export interface ChildOptions {
  readonly cwd?: string;
  /** The whole environment; @default that of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

/** What a child process did, and what it took. */
export interface Ran extends Required<Sample> {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Between two looks at the memory of a process and its children. */
const LOOK_EVERY_MS = 25;

/**
 * Runs a command by argument vector. Its time is that from its start to its end; its memory that of all processes that
 * it starts, each at its most.
 */
export async function tryTimed(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<Ran> {
  const { input = "", ...rest } = options;
  const begun = performance.now();
  const child = spawn(command, args, { ...rest, stdio: ["pipe", "pipe", "pipe"] });
  const peaks = new Map<number, number>();
  const looking = setInterval(() => child.pid !== undefined && look(child.pid, peaks), LOOK_EVERY_MS);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 1));
    });
    const kibs = [...peaks.values()].reduce((sum, kib) => sum + kib, 0);
    const ms = performance.now() - begun;
    return { code, ms, peakMiB: kibs / 1024, stdout: textOf(out), stderr: textOf(err) };
  } finally {
    clearInterval(looking);
  }
}

/** @throws when it ends with another code than 0 */
export async function timed(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<Ran> {
  const ran = await tryTimed(command, args, options);
  if (ran.code === 0) return ran;
  const said = (ran.stderr || ran.stdout).trimEnd().split("\n").slice(-30).join("\n");
  throw new Error(`${command} ${args.join(" ").slice(0, 200)} ended with code ${ran.code}:\n${said}`);
}

/**
 * Runs a TypeScript or JavaScript file with Node. The file reports its own time and memory with `report`, so that what
 * it prepares is not counted.
 */
export async function worker<T extends object = object>(
  file: string,
  settings: unknown,
  options: ChildOptions = {},
): Promise<Required<Sample> & T> {
  const ran = await timed(process.execPath, [file, JSON.stringify(settings)], options);
  return JSON.parse(ran.stdout.trimEnd().split("\n").at(-1) ?? "") as Required<Sample> & T;
}

const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");

/** Notes the high-water mark of a process and of all below it. */
function look(root: number, peaks: Map<number, number>): void {
  for (const pid of [root, ...descendants(root)]) {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(procFile(pid, "status"))?.[1];
    if (kib !== undefined) peaks.set(pid, Number(kib));
  }
}

function descendants(pid: number): number[] {
  const tasks = procFolder(pid);
  const children = tasks.flatMap((task) =>
    procFile(pid, `task/${task}/children`).split(" ").filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Empty when the process has ended in the meantime. */
function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

function procFolder(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

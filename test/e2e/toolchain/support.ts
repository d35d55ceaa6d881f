import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { run, tryRun } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";

const FIXTURE = join(import.meta.dirname, "fixture");

/** A place with its own cache, its own copy of the module "tiny" and its own `go`. */
export interface Workshop {
  readonly root: string;
  readonly cache: string;
  readonly module: string;
  /** Folder of a `go` that does what the test says. */
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
}

export function openWorkshop(extra: NodeJS.ProcessEnv = {}): Workshop {
  const root = mkdtempSync(join(tmpdir(), "toolchain-test-"));
  const [cache, module, bin] = [join(root, "cache"), join(root, "tiny"), join(root, "bin")];
  cpSync(join(FIXTURE, "tiny"), module, { recursive: true });
  mkdirSync(bin);
  const PATH = [bin, process.env["PATH"]].join(delimiter);
  return { root, cache, module, bin, env: { ...process.env, DELIVERY_CACHE: cache, PATH, ...extra } };
}

export function writeScript(path: string, ...lines: string[]): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(path, 0o755);
  return path;
}

/** Puts a `go` before the real one that notes every build and can be made to do something else instead. */
export async function wrapGo(workshop: Workshop, insteadOfBuilding = ""): Promise<void> {
  const real = join((await run("go", ["env", "GOROOT"])).trim(), "bin", "go");
  const note = `echo $$ >> '${buildsFile(workshop)}'`;
  const onBuild = `if [ "$1" = build ]; then ${note}; ${insteadOfBuilding || ":"}; fi`;
  writeScript(join(workshop.bin, "go"), onBuild, `exec '${real}' "$@"`);
}

/** The process ids of the builds that were started. */
export function builds(workshop: Workshop): number[] {
  const file = buildsFile(workshop);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return lines.filter((line) => line !== "").map(Number);
}

const buildsFile = ({ root }: Workshop): string => join(root, "builds");

const ensureArgs = ({ module }: Workshop): string[] => [join(FIXTURE, "ensure.ts"), module];

/** Makes sure of "tiny" in a process of its own. */
export async function ensureTiny(workshop: Workshop): Promise<RunResult> {
  return tryRun(process.execPath, ensureArgs(workshop), { env: workshop.env });
}

export interface Started {
  readonly child: ChildProcess;
  readonly end: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly said: string;
  }>;
}

/** The same, for a test that interrupts it. */
export function startEnsure(workshop: Workshop): Started {
  const child = spawn(process.execPath, ensureArgs(workshop), {
    env: workshop.env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = text(child.stderr);
  const end = new Promise<Awaited<Started["end"]>>((resolve) => {
    child.once("exit", (code, signal) => void said.then((all) => resolve({ code, signal, said: all })));
  });
  return { child, end };
}

export function pathOfTiny(result: RunResult): string {
  return (JSON.parse(result.stdout) as { tiny: string }).tiny;
}

/** A command that is the fake plugin of the given version. */
export function writePlugin(path: string, version: string): string {
  return writeScript(path, `exec '${process.execPath}' '${join(FIXTURE, "plugin.ts")}' '${version}'`);
}

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cleanUpDockerd } from "../../../sandbox/images/index.ts";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { startTicksOf, stopAllServices, tryRun, waitUntil } from "../../../sandbox/processes/index.ts";
import { preparePulumiHome } from "../../../sandbox/pulumi/index.ts";
import type { PulumiHome, PulumiTools } from "../../../sandbox/pulumi/index.ts";

export interface Said {
  readonly code: number;
  readonly output: string;
}

export interface Project {
  readonly folder: string;
  /** Runs the real engine in the project, on the stack `dev`. */
  pulumi(...args: string[]): Promise<Said>;
  /** Starts the real engine and does not wait for it. */
  start(...args: string[]): ChildProcess;
  write(files: Readonly<Record<string, string>>): void;
  outputs(): Promise<Record<string, unknown>>;
}

export interface World {
  /** A sandbox's folder. */
  readonly dir: string;
  readonly home: PulumiHome;
  project(name: string, files: Readonly<Record<string, string>>): Promise<Project>;
  /** Stops what was started in the folder, and removes it. */
  remove(): Promise<void>;
}

/**
 * A Pulumi home in a temporary folder, as a sandbox has it.
 *
 * @param start what else is started in the folder; returns what that adds to the environment
 */
export async function makeWorld(
  tools: PulumiTools,
  start: (dir: string) => Promise<Readonly<Record<string, string>>> = async () => ({}),
): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), "delivery-e2e-"));
  try {
    const more = await start(dir);
    const home = await preparePulumiHome(dir, tools);
    const env = { ...home.env, ...more, HOME: dir, TMPDIR: dir };
    const project: World["project"] = (name, files) => makeProject(join(dir, name), env, files);
    return { dir, home, project, remove: () => removeWorld(dir) };
  } catch (error) {
    await removeWorld(dir);
    throw error;
  }
}

async function removeWorld(dir: string): Promise<void> {
  await stopAllServices(dir);
  await cleanUpDockerd(dir);
  rmSync(dir, { recursive: true, force: true });
}

async function makeProject(
  folder: string,
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Promise<Project> {
  const name = folder.split("/").at(-1) ?? "";
  const cli = join(env["PULUMI_HOME"] ?? "", "bin", "pulumi");
  const pulumi = async (...args: string[]): Promise<Said> => {
    const { code, stdout, stderr } = await tryRun(cli, ["--non-interactive", ...args], { cwd: folder, env });
    return { code, output: stdout + stderr };
  };
  const write = (added: Readonly<Record<string, string>>): void => writeFiles(folder, added);
  write({ "Pulumi.yaml": `name: ${name}\nruntime: nodejs\n`, "package.json": "{}", ...files });
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
  const made = await pulumi("stack", "init", "dev");
  if (made.code !== 0) throw new Error(made.output);
  return {
    folder,
    pulumi,
    write,
    start: (...args) => spawn(cli, ["--non-interactive", ...args], { cwd: folder, env, stdio: "ignore" }),
    outputs: async () => {
      const { output } = await pulumi("stack", "output", "--json", "--show-secrets");
      return JSON.parse(output) as Record<string, unknown>;
    },
  };
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** The command lines of all processes of this machine, by process id. */
export function commandLines(): Map<number, string> {
  const found = new Map<number, string>();
  for (const pid of readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    try {
      found.set(pid, readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

/** Our plugins that run now on behalf of this Pulumi home. */
export function pluginPids(home: string): number[] {
  const isOfHome = (pid: number): boolean => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`PULUMI_HOME=${home}`);
    } catch {
      return false;
    }
  };
  const plugin = /sandbox\/pulumi\/(language-host\/main|dynamic-provider|docker-plugin\/main)\.ts/;
  return [...commandLines()].filter(([pid, line]) => plugin.test(line) && isOfHome(pid)).map(([pid]) => pid);
}

/** Whether these processes are gone before the engine would lose patience with a plugin, which is after 5 s. */
export async function areGone(pids: readonly number[]): Promise<boolean> {
  return waitUntil(async () => pids.every((pid) => startTicksOf(pid) === undefined), 5_000);
}

/** How often `text` is in `output`. */
export function count(output: string, text: string): number {
  return output.split(text).length - 1;
}

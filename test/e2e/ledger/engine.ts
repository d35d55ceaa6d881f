import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryRun } from "../../../sandbox/processes/index.ts";
import { preparePulumiHome } from "../../../sandbox/pulumi/index.ts";
import type { PulumiHome } from "../../../sandbox/pulumi/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import type { ToolName } from "../../../sandbox/toolchain/index.ts";
import { installLibrary } from "./library";
import { TOKEN_VARIABLE } from "./support";
import type { LedgerWorld } from "./support";

export interface Said {
  readonly code: number;
  readonly output: string;
}

/** A program with one `GitCommit`, run by the real engine. */
export interface Program {
  readonly folder: string;
  /** Writes what the program's `index.js` does; it has `GitCommit` and `pulumi`. */
  write(body: string): void;
  pulumi(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Said>;
}

/** Makes a project of that name with its stack `prod`, in the world's folder; it has the `plugins` that are named. */
export async function newProgram(
  world: LedgerWorld,
  name: string,
  plugins: readonly ToolName[] = [],
): Promise<Program> {
  const home = await homeOf(world, plugins);
  const folder = join(world.dir, name);
  mkdirSync(folder, { recursive: true });
  installLibrary(folder);
  const project = `name: ${name}\nruntime:\n  name: nodejs\n  options: { typescript: false }\nmain: index.js\n`;
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true }));
  const env = { ...home.env, HOME: world.dir, TMPDIR: world.dir, [TOKEN_VARIABLE]: world.server.token };
  const pulumi: Program["pulumi"] = async (args, more = {}) => {
    const options = { cwd: folder, env: { ...env, ...more } };
    const { code, stdout, stderr } = await tryRun("pulumi", ["--non-interactive", ...args], options);
    return { code, output: `${stdout}${stderr}` };
  };
  const write = (body: string): void => writeFileSync(join(folder, "index.js"), `${HEAD}\n${body}\n`);
  write("");
  await pulumi(["stack", "init", "prod"]);
  return { folder, write, pulumi };
}

/** By the world's folder. Programs of one world may be made at the same time. */
const homes = new Map<string, Promise<PulumiHome>>();

function homeOf({ dir }: LedgerWorld, plugins: readonly ToolName[]): Promise<PulumiHome> {
  const make = async (): Promise<PulumiHome> =>
    preparePulumiHome(dir, await ensureTools(["pulumi", ...plugins]));
  const home = homes.get(dir) ?? make();
  homes.set(dir, home);
  return home;
}

const HEAD = [
  'const pulumi = require("@pulumi/pulumi");',
  'const { GitCommit } = require("pulumi-delivery");',
].join("\n");

export const up = ["up", "--yes", "--skip-preview"] as const;

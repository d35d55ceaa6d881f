import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { run } from "../processes/index.ts";
import { buildFlags, fileTargets, logPath, moduleFolder, toolsFolder } from "./cache.ts";
import { runLogged } from "./logged.ts";
import type { StepContext } from "./progress.ts";
import type { GoPart, GoTool } from "./types.ts";
import { ToolchainError } from "./types.ts";
import { goEnv, scratchFolder } from "./workplace.ts";

/** Builds the given tools of a part, one after the other, since they share most of their packages. */
export async function buildTools(
  part: GoPart,
  tools: readonly GoTool[],
  key: string,
  context: StepContext,
): Promise<void> {
  for (const tool of tools) await buildTool(part, tool, key, context);
}

async function buildTool(part: GoPart, tool: GoTool, key: string, context: StepContext): Promise<void> {
  const made = join(scratchFolder(tool.name), tool.name);
  const log = logPath(tool.name);
  rmSync(log, { force: true });
  await runLogged({
    name: tool.name,
    command: "go",
    args: ["build", "-v", ...buildFlags(part), "-o", made, tool.package],
    cwd: moduleFolder(part),
    env: goEnv(),
    log,
    onLine: (line) => context.say(describeLine(tool, line)),
    signal: context.signal,
  });
  keep(made, join(toolsFolder(part, key), tool.name));
  rmSync(log, { force: true });
}

/** `go build -v` prints what it downloads and, alone on a line, each package that it starts to compile. */
export function describeLine(tool: GoTool, line: string): string {
  const download = /^go: downloading (\S+)/.exec(line);
  if (download) return `downloading ${download[1]}`;
  // The main package is the last one. What follows is the linker, which says nothing.
  if (line === tool.package || line.startsWith("toolchain/")) return `linking ${tool.name}`;
  return `compiling ${line}`;
}

/** Puts a finished binary in its place, whole. */
export function keep(made: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  chmodSync(made, 0o755);
  renameSync(made, target);
}

/** Copies the files that a part's tool reads when it runs out of its module. */
export async function copyModuleFiles(part: GoPart, context: StepContext): Promise<void> {
  const module = part.files?.module ?? "";
  context.say(`downloading ${module}`);
  const said = await run("go", ["mod", "download", "-json", module], {
    cwd: moduleFolder(part),
    env: goEnv(),
  });
  const { Dir: source } = JSON.parse(said) as { Dir?: string };
  if (source === undefined) throw new ToolchainError(`${part.name}: Go did not say where ${module} was put.`);
  const scratch = scratchFolder(`${part.name}-files`);
  const targets = fileTargets(part);
  for (const [index, path] of (part.files?.paths ?? []).entries()) {
    const made = join(scratch, basename(targets[index] ?? ""));
    copyFileSync(join(source, path), made);
    chmodSync(made, 0o644);
  }
  const folder = dirname(targets[0] ?? "");
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(scratch, folder);
}

import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../processes/index.ts";
import { buildFlags, fileName, filesFolder, logPath, moduleFolder, toolsFolder } from "./cache.ts";
import { runLogged } from "./logged.ts";
import type { StepContext } from "./progress.ts";
import type { GoPart, GoTool, ModuleFiles } from "./types.ts";
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

/** Copies the files of a part, all of them or none. */
export async function copyModuleFiles(part: GoPart, context: StepContext): Promise<void> {
  const scratch = scratchFolder(`${part.name}-files`);
  for (const files of part.files ?? []) {
    context.say(`downloading ${files.module}`);
    const source = await downloadModule(part, files);
    for (const path of files.paths) {
      const made = join(scratch, fileName(files.module, path));
      mkdirSync(dirname(made), { recursive: true });
      copyFileSync(join(source, path), made);
      chmodSync(made, 0o644);
    }
  }
  const folder = filesFolder(part);
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(scratch, folder);
}

/** Go checks a module that go.mod requires by go.sum; the hash of any other one is checked here. */
async function downloadModule(part: GoPart, { module, pinned }: ModuleFiles): Promise<string> {
  const wanted = pinned === undefined ? module : `${module}@${pinned.version}`;
  const said = await run("go", ["mod", "download", "-json", wanted], {
    cwd: moduleFolder(part),
    env: goEnv(),
  });
  const { Dir, Sum } = JSON.parse(said) as { Dir?: string; Sum?: string };
  if (Dir === undefined) throw new ToolchainError(`${part.name}: Go did not say where ${module} was put.`);
  if (pinned === undefined || Sum === pinned.sum) return Dir;
  throw new ToolchainError(`${part.name}: ${wanted} is not the one that was pinned: its hash is ${Sum}.`);
}

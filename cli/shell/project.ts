import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { Mistake } from "../../components/mistake";
import type { PipelineDefinition } from "../../components/pipeline";
import { PIPELINE_EXTENSIONS, PIPELINE_MODULE } from "../../components/release/older/args";
import type { Project } from "./contract";

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml"];

/**
 * The project that a folder is in.
 *
 * @throws Mistake when there is no `Pulumi.yaml` there or above, no pipeline in it, or the pipeline has problems.
 */
export async function openProject(folder: string): Promise<Project> {
  const file = findProjectFile(resolve(folder));
  if (file === undefined) {
    throw new Mistake(`Looking for the project in ${resolve(folder)}`, [
      "neither it nor a folder above it has a Pulumi.yaml; name the project's folder with --project, or make a new project with: delivery init",
    ]);
  }
  const root = dirname(file);
  const { stackConfigDir = "." } = (parse(readFileSync(file, "utf8")) ?? {}) as { stackConfigDir?: string };
  return {
    root,
    pipeline: await loadPipeline(root),
    stackFile: (stack) => join(root, stackConfigDir, `Pulumi.${stack}.yaml`),
  };
}

function findProjectFile(folder: string): string | undefined {
  const found = PROJECT_FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  return dirname(folder) === folder ? undefined : findProjectFile(dirname(folder));
}

/**
 * The pipeline of the project in `root`. It is read without a check of its types, which the editor and `pulumi up` do.
 *
 * @throws Mistake when there is none, or it cannot be loaded.
 */
export async function loadPipeline(root: string): Promise<PipelineDefinition> {
  const modules = PIPELINE_EXTENSIONS.map((extension) => join(root, `${PIPELINE_MODULE}${extension}`));
  const path = modules.find((module) => existsSync(module));
  const what = `Loading the pipeline of ${root}`;
  if (path === undefined) {
    throw new Mistake(what, [
      `it has no ${PIPELINE_MODULE}.ts, which says what the environments are; add one that exports "pipeline", as delivery init writes it. A project that uses the library without a pipeline is delivered with pulumi up alone`,
    ]);
  }
  const { createJiti } = await import("jiti");
  const jiti = createJiti(path, { moduleCache: false, interopDefault: true, alias: ownLibrary(path) });
  const { pipeline } = await jiti.import<{ pipeline?: PipelineDefinition }>(path).catch((error: Error) => {
    throw error.name === "Mistake"
      ? error
      : new Mistake(what, [`${PIPELINE_MODULE} failed: ${error.message}`]);
  });
  if (pipeline !== undefined) return pipeline;
  throw new Mistake(what, [
    `${PIPELINE_MODULE} exports no "pipeline"; write: export const pipeline = definePipeline({ … })`,
  ]);
}

const LIBRARY = "pulumi-delivery";

/**
 * What a project imports of the library it belongs to, as the files that this command has loaded: of the bundle beside
 * them, another copy, it would not know the errors.
 */
function ownLibrary(module: string): Readonly<Record<string, string>> {
  const dist = join(__dirname, "..", "..");
  const isOwn = tryResolve(module) === join(dist, "index.js");
  return isOwn ? { [LIBRARY]: join(dist, "components", "index.js") } : {};
}

function tryResolve(module: string): string | undefined {
  try {
    return createRequire(module).resolve(LIBRARY);
  } catch {
    return undefined;
  }
}

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PipelineDefinition } from "../../components/pipeline";
import { PIPELINE_EXTENSIONS, PIPELINE_MODULE } from "../../components/release/older/args";
import { cacheFolder } from "../../components/release/older/cache";
import { providePackages } from "../../components/release/older/packages";
import { placeOf } from "../../components/source/clone";
import { withWorktree } from "../../components/source/worktree";
import type { Context, Project } from "../shell/contract";
import { ask } from "../shell/programs";
import { loadPipeline } from "../shell/project";

/**
 * The pipeline as another commit has it, loaded in a checkout of its own; undefined where that commit has none, and the
 * project's own where its sources are the same.
 *
 * @throws Mistake when it cannot be loaded.
 */
export async function pipelineAt(
  { root, pipeline }: Project,
  commit: string,
  context: Context,
): Promise<PipelineDefinition | undefined> {
  const sources = pipeline.source.pipeline.map((pattern) => `:(glob)${pattern}`);
  const args = ["diff", "--name-only", commit, "--", ...sources];
  if ((await ask({ cwd: root, program: "git", args }, context)) === "") return pipeline;
  const { top: here, prefix } = placeOf(root)!;
  return withWorktree(root, commit, async ({ top }) => {
    const there = join(top, prefix);
    const isThere = PIPELINE_EXTENSIONS.some((end) => existsSync(join(there, PIPELINE_MODULE + end)));
    if (!isThere) return undefined;
    const folder = join(prefix, dirname(PIPELINE_MODULE));
    const places = { cache: cacheFolder(context.env), system: context.env, say: context.progress };
    await providePackages({ here, there: top, folder }, places);
    return loadPipeline(there);
  });
}

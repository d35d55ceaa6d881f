import { createJiti } from "jiti";
import type { PipelineDefinition } from "pulumi-delivery";
import { join } from "node:path";

/** The pipeline of the project in `root`, from its `infra/pipeline.ts`. */
export async function loadPipeline(root: string): Promise<PipelineDefinition> {
  const jiti = createJiti(import.meta.url, { moduleCache: false });
  const { pipeline } = await jiti.import<{ pipeline: PipelineDefinition }>(
    join(root, "infra", "pipeline.ts"),
  );
  return pipeline;
}

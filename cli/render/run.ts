import { join, resolve } from "node:path";
import { manifestFileName } from "../../components/manifests/files";
import { throwIfAny } from "../../components/mistake";
import { checkStack } from "../../components/pipeline/check-stack";
import { withLedger } from "../../components/pipeline/ledger";
import { renderEnvironment } from "../../components/pipeline/render";
import { writeEnvironment } from "../../components/pipeline/write";
import { deprecated } from "../../components/push/deprecated";
import { readStackConfig, STACK_KEYS } from "../../components/promotion";
import { readRelease } from "../../components/release";
import type { RenderedLists } from "../../components/release";
import type { Context, Input, Project, Result } from "../shell/contract";
import { environmentFile } from "../shell/environment";
import { UsageError } from "../shell/usage-error";

/** `delivery render` */
export async function renderFiles(input: Input, context: Context): Promise<Result> {
  const out = input.text("out");
  if (out === undefined) throw new UsageError("render", ["--out is missing: name the folder for the files"]);
  const { project, environment, file } = await environmentFile(input, context);
  const lists = renderConfig(project, environment, readStackConfig(file));
  const dir = resolve(out);
  writeEnvironment(dir, lists);
  const clusters = [...lists].map(([cluster, { objects, contentHash, by }]) => {
    const folder = join(dir, "clusters", cluster);
    return { cluster, folder, by, contentHash, files: objects.map((object) => manifestFileName(object)) };
  });
  const lines = clusters.map(({ folder, by, files }) => `${folder}: ${files.length} objects, from the ${by}`);
  const warnings = deprecated(lists.values(), project.pipeline.kubernetesVersion);
  const text = [...lines, ...warnings.map((warning) => `warning: ${warning}`)].join("\n");
  return { value: { environment, clusters, warnings }, text };
}

/**
 * What each cluster of an environment is told to run when its file says so.
 *
 * @param config what the file says under `config`.
 * @throws Mistake with every problem of the file, or when it cannot be rendered.
 */
export function renderConfig(
  { root, pipeline }: Project,
  environment: string,
  config: Readonly<Record<string, unknown>>,
): RenderedLists {
  const { [STACK_KEYS.release]: release, [STACK_KEYS.settings]: settings } = config;
  const ledger = config["delivery:ledger"] as string | undefined;
  const stack = { pipeline, root, stack: environment, release, config: settings };
  throwIfAny(`Rendering ${environment}`, checkStack(ledger === undefined ? stack : { ...stack, ledger }));
  const target = { root, release: readRelease(release), environment, settings };
  return renderEnvironment(withLedger(pipeline, ledger), target);
}

import { BUILD_STACK, checkRelease, readRelease } from "pulumi-delivery";
import type { PipelineDefinition, Release } from "pulumi-delivery";
import { run } from "../../sandbox/processes/index.ts";
import { readConfig, RELEASE_KEY, stackFile, writeConfig } from "./stack-file.ts";

/** What a promotion did. */
export interface Promotion {
  readonly from: string;
  readonly release: Release;
  /** False when the environment had this release already. */
  readonly changed: boolean;
}

/**
 * Copies the release block of an environment's upstream into the environment's file: from the outputs of the stack
 * `build`, else from the file of the environment that it comes from.
 *
 * @throws Error when the environment is unknown, or upstream has no valid release; no file is changed then.
 */
export async function promote(
  root: string,
  pipeline: PipelineDefinition,
  environment: string,
): Promise<Promotion> {
  const from = pipeline.environments[environment]?.from;
  if (from === undefined) {
    const known = Object.keys(pipeline.environments).join(", ");
    throw new Error(
      `${JSON.stringify(environment)} is no environment of the pipeline; name one of ${known}.`,
    );
  }
  const block =
    from === BUILD_STACK ? await builtRelease(root) : readConfig(stackFile(root, from), RELEASE_KEY);
  const problems = checkRelease(`release of ${from}`, block, {
    app: pipeline.app,
    images: Object.keys(pipeline.images),
  });
  if (problems.length > 0) throw new Error([`Nothing to promote from ${from}:`, ...problems].join("\n  - "));
  const release = readRelease(block);
  return { from, release, changed: writeConfig(stackFile(root, environment), RELEASE_KEY, release) };
}

async function builtRelease(root: string): Promise<unknown> {
  const args = ["stack", "output", "release", "--json", "--stack", BUILD_STACK, "--non-interactive"];
  return JSON.parse(await run("pulumi", args, { cwd: root }));
}

import {
  checkStack,
  Mistake,
  readRelease,
  renderEnvironment,
  withLedger,
  writeEnvironment,
} from "pulumi-delivery";
import type { PipelineDefinition, RenderedLists } from "pulumi-delivery";
import { readConfig, RELEASE_KEY, stackFile } from "./stack-file.ts";

/**
 * Writes what the clusters of an environment are told to run by the release of its file, as `clusters/<name>/` in a
 * folder: the bytes that the ledger gets. Nothing else is changed, and no cluster or registry is asked.
 *
 * @param out path of the folder: absent, empty or of an earlier render.
 * @throws Mistake with every problem of the environment's file, or when it cannot be rendered or written.
 */
export function renderTo(
  root: string,
  pipeline: PipelineDefinition,
  environment: string,
  out: string,
): RenderedLists {
  const path = stackFile(root, environment);
  const [release, config] = [readConfig(path, RELEASE_KEY), readConfig(path, "delivery:config")];
  const ledger = readConfig(path, "delivery:ledger") as string | undefined;
  const address = ledger === undefined ? {} : { ledger };
  const problems = checkStack({ pipeline, root, stack: environment, release, config, ...address });
  if (problems.length > 0) throw new Mistake(`Rendering ${environment}`, problems);
  const target = { root, release: readRelease(release), environment, settings: config };
  const lists = renderEnvironment(withLedger(pipeline, ledger), target);
  writeEnvironment(out, lists);
  return lists;
}

import { Mistake } from "../../components/mistake";
import { BUILD_STACK } from "../../components/pipeline/args";
import { STACK_KEYS, releaseIn } from "../../components/promotion";
import type { Release } from "../../components/release";
import type { Context } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";
import { askStack } from "../shell/state";
import { knownRelease } from "./known";
import type { Facts } from "./question";

/**
 * The release to promote, whole: the one that is named, or the newest that upstream has verified. A release that is
 * not verified is found, too, so that the judgement can say what is missing.
 *
 * @throws Mistake when upstream has none, or the named one is not known.
 */
export async function targetOf(
  place: EnvironmentOf,
  facts: Facts,
  wanted: string | undefined,
  context: Context,
): Promise<Release> {
  const { project, environment } = place;
  const from = project.pipeline.environments[environment]!.from;
  const built = from === BUILD_STACK ? await builtRelease(place, context) : undefined;
  // The images are copied from where the upstream has them.
  const known = new Map([...facts.releases, ...facts.offered]);
  if (built !== undefined) known.set(built.id, built);
  const id = wanted ?? built?.id ?? newestOf(facts);
  const what = `Promotion from ${from} to ${environment}`;
  if (id === undefined) {
    throw new Mistake(what, [`${from} has run no release yet; run it there first: delivery up ${from}`]);
  }
  const where = `no commit of the files of ${environment} and ${from}, and in no update of their stacks`;
  return knownRelease(place, facts, { id, known, what, where }, context);
}

/** What upstream has verified last, or else what its file says. */
function newestOf({ question: { upstream } }: Facts): string | undefined {
  const verified = upstream?.deployments.find((deployment) => deployment.verified !== undefined);
  return verified?.release ?? upstream?.file.release?.id;
}

async function builtRelease({ project }: EnvironmentOf, context: Context): Promise<Release> {
  const outputs = await askStack<Record<string, unknown>>(project, "output", BUILD_STACK, context);
  const release = releaseIn(project.pipeline.app, { [STACK_KEYS.release]: outputs?.["release"] });
  if (release !== undefined) return release;
  throw new Mistake(`Reading the release of the stack ${BUILD_STACK}`, [
    outputs === undefined
      ? `there is no such stack yet; make it and build a release: pulumi stack init ${BUILD_STACK} && delivery up ${BUILD_STACK}`
      : `its output "release" has none; build one first: delivery up ${BUILD_STACK}`,
  ]);
}

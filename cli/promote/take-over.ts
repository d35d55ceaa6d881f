import { imageStore } from "../../components/image/clients";
import { copyImage } from "../../components/image/copy";
import { dockerCredentials } from "../../components/image/registry/credentials";
import { tryParseReference } from "../../components/image/reference";
import { relocated } from "../../components/pipeline/registry";
import { digestOf } from "../../components/release";
import type { Release } from "../../components/release";
import type { Context } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";

/**
 * The release with its images where the environment wants them; those that are elsewhere are copied by digest first, so
 * that no file ever names an image that is not there.
 *
 * @throws ImageProblem when a registry does not have one, or refuses.
 */
export async function takeOver(
  { project, environment }: EnvironmentOf,
  release: Release,
  context: Context,
): Promise<Release> {
  const { registry } = project.pipeline.environments[environment]!;
  const there = relocated(registry, release);
  const moved = Object.entries(there.images).filter(([name, ref]) => release.images[name] !== ref);
  const store = imageStore(context.env, dockerCredentials(context.env));
  for (const [name, ref] of moved) {
    const [from, to] = [tryParseReference(release.images[name]!)!, tryParseReference(ref)!];
    context.progress(`image ${name}: copying to ${ref}`);
    const { manifests, blobs } = await copyImage(store, { from, to, digest: digestOf(ref), tag: release.id });
    const said = manifests === 0 ? "it was there already" : `${manifests} manifests and ${blobs} layers sent`;
    context.progress(`image ${name}: ${said}`);
  }
  return there;
}

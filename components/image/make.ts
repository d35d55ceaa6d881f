import * as pulumi from "@pulumi/pulumi";
import { tiedError } from "../problems";
import type { Build } from "./builders";
import type { Findings } from "./find";
import { findImage } from "./find";
import { ImageProblem } from "./problem";
import { isDigest, repositoryName } from "./reference";
import type { ResolvedImage } from "./resolve";

/** What became of an image. */
export interface MadeImage {
  readonly sourceHash: string;
  readonly tag: string;
  /** Unknown in the preview of a build. */
  readonly digest: pulumi.Output<string>;
}

/**
 * Finds an image, and declares what makes it when it is not there.
 *
 * @throws pulumi.ResourceError tied to the component when its registry cannot be asked, or its builder not be used.
 */
export async function makeImage(
  component: pulumi.Resource,
  name: string,
  image: ResolvedImage,
): Promise<MadeImage> {
  try {
    const findings = await findImage(image);
    for (const warning of findings.warnings) await pulumi.log.warn(warning, component);
    const { sourceHash, tag } = findings.source;
    return { sourceHash, tag, digest: createImage(component, name, image, findings) };
  } catch (error) {
    throw tied(error, component);
  }
}

function createImage(
  component: pulumi.Resource,
  name: string,
  image: ResolvedImage,
  findings: Findings,
): pulumi.Output<string> {
  const digest = image.builder.create(name, buildOf(image, findings), { parent: component });
  if (findings.present !== undefined) return digest;
  const confirmed = digest.apply((made) =>
    confirm(image, findings, made).catch((error: unknown) => {
      throw tied(error, component);
    }),
  );
  // Plugins take every output for a secret when a password is among the inputs.
  return pulumi.unsecret(confirmed);
}

function buildOf(image: ResolvedImage, { source, present }: Findings): Build {
  const { repository, context, args, labels, target, platforms, secrets, login } = image;
  return {
    repository: repositoryName(repository),
    registry: repository.domain,
    tag: source.tag,
    context: context.root,
    dockerfile: context.dockerfile,
    args,
    labels,
    target,
    platforms,
    secrets: mapSecrets(secrets),
    login: login && { username: login.username, password: pulumi.secret(login.password) },
    present,
  };
}

function mapSecrets(secrets: ResolvedImage["secrets"]): Build["secrets"] {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, pulumi.secret(value)]));
}

/** A builder's word is not enough: the registry has to have what was pushed, under the digest that was reported. */
async function confirm(
  { repository, builder }: ResolvedImage,
  { registry }: Findings,
  digest: string,
): Promise<string> {
  const who = `builder ${builder.name}`;
  const where = repositoryName(repository);
  if (!isDigest(digest)) {
    throw new ImageProblem(
      `${who} reported ${JSON.stringify(digest)} as the digest of what it pushed to ${where}.`,
    );
  }
  if ((await registry.findDigest(repository, digest)) !== undefined) return digest;
  throw new ImageProblem(
    `${who} says that it pushed ${digest} to ${where}, which does not have it. Run it again.`,
  );
}

/** The same error as one of the component, without a stack trace when it is for the user. */
function tied(error: unknown, component: pulumi.Resource): unknown {
  if (!(error instanceof ImageProblem)) return error;
  const { message } = error;
  const result = tiedError(component, message);
  // Each property that waits for the image would write its own name before the message: "error serializing property".
  return Object.defineProperty(result, "message", { get: () => message, set: () => {} });
}

import { imageClients } from "./clients";
import { knownLogin } from "./login";
import type { CredentialSource, RegistryClient } from "./registry";
import { dockerCredentials } from "./registry";
import type { ResolvedImage } from "./resolve";
import type { ImageSource } from "./source";
import { findSource } from "./source";

/** What is known about an image before anything is declared. */
export interface Findings {
  readonly source: ImageSource;
  /** Digest of the image, when its registry has it. */
  readonly present: string | undefined;
  /** The client that was asked, for what remains to be asked. */
  readonly registry: RegistryClient;
  /** What the user should know, in sentences. */
  readonly warnings: readonly string[];
}

const LATE_LOGIN =
  "The login is not known before pulumi up, so the registry was not asked: the preview shows a build, which the update " +
  "leaves out when the registry has the image.";

/**
 * Hashes an image's sources and asks its registry for it.
 *
 * @throws ImageProblem when the registry cannot be asked.
 */
export async function findImage(image: ResolvedImage): Promise<Findings> {
  const { repository, login, builder, environment } = image;
  const explicit = login && (await knownLogin(login));
  const fromDocker = dockerCredentials(environment);
  const credentials: CredentialSource = async (domain) =>
    login !== undefined && domain === repository.domain ? explicit : fromDocker(domain);
  const { own: registry, bases } = imageClients(environment, credentials);
  const source = await findSource(image, bases);
  if (login !== undefined && explicit === undefined) {
    return { source, registry, present: undefined, warnings: [...source.warnings, LATE_LOGIN] };
  }
  const present = await registry.findDigest(repository, builder.wanted(source.tag));
  return { source, registry, present, warnings: source.warnings };
}

import type { ImageArgs } from "../image";
import { checkSecretSource } from "../ledger/access";
import type { SecretSource } from "../ledger/access";
import { checkDnsLabel } from "../manifests";

/** An image of the pipeline: what it is built from and where it goes. Who builds it is a setting of the run. */
export interface ImageSpec extends Pick<
  ImageArgs,
  "repository" | "context" | "dockerfile" | "args" | "target" | "platforms"
> {
  /**
   * Secrets of the build by name, for `RUN --mount=type=secret,id=NAME`, by where each is found. They need `buildkit()`.
   * @default none
   * @example { npm: { variable: "NPM_TOKEN" } }
   */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /**
   * Login for the repository's registry, by where the password is found.
   * @default what `docker login` has left
   * @example { username: "ci", password: { config: "delivery:registryPassword" } }
   */
  readonly registry?: { readonly username: string; readonly password: SecretSource };
}

/** Problems of a pipeline's images, found without looking a secret up. */
export function checkImages(images: Readonly<Record<string, ImageSpec>>): string[] {
  return Object.entries(images).flatMap(([name, { secrets = {}, registry }]) => [
    ...checkDnsLabel("images: a name", name),
    ...Object.entries(secrets).flatMap(([id, source]) =>
      checkSecretSource(`images.${name}.secrets.${id}`, source),
    ),
    ...(registry === undefined
      ? []
      : checkSecretSource(`images.${name}.registry.password`, registry.password)),
  ]);
}

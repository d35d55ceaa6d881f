import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import type { Builder, RegistryLogin } from "./builders";

/** Name of the Dockerfile in a context. */
export const DEFAULT_DOCKERFILE = "Dockerfile";
/**
 * What an image is built for. It is not left to the builder, whose own platform would decide: the same sources would
 * then have one tag and be different images on a laptop and in CI.
 */
export const DEFAULT_PLATFORMS: readonly string[] = ["linux/amd64"];

/** An image, by what goes into it. */
export interface ImageArgs {
  /**
   * Where the image is kept, without a tag or digest. Names without a registry are Docker Hub's.
   * @example "registry.example.com/acme/web"
   */
  readonly repository: string;
  /** The folder with the sources, absolute or below the folder that the program runs in, which is that of `Pulumi.yaml`. */
  readonly context: string;
  /**
   * The Dockerfile, a path in the context.
   * @default {@link DEFAULT_DOCKERFILE}
   */
  readonly dockerfile?: string;
  /**
   * Values for the Dockerfile's `ARG`s. They can be read in the image, so they are no place for secrets.
   * @default none
   */
  readonly args?: Readonly<Record<string, string>>;
  /**
   * Labels beside those of the Dockerfile.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * The stage of the Dockerfile to build.
   * @default the last one
   */
  readonly target?: string;
  /**
   * What to build for, one or more.
   * @default {@link DEFAULT_PLATFORMS}
   * @example ["linux/amd64", "linux/arm64"]
   */
  readonly platforms?: readonly string[];
  /**
   * Secrets of the build by name, for `RUN --mount=type=secret,id=NAME`. The image does not hold them, and its tag
   * depends on their names only.
   * @default none
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Who builds and pushes.
   * @default docker()
   */
  readonly builder?: Builder;
  /**
   * Login for the repository's registry.
   * @default what `docker login` has left: Docker's configuration and its credential helpers
   */
  readonly registry?: RegistryLogin;
  /**
   * Where `HOME`, `DOCKER_CONFIG`, `PATH` and `HTTPS_PROXY` are looked up.
   * @default the environment of the program
   */
  readonly environment?: Environment;
}

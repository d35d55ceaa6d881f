import type * as pulumi from "@pulumi/pulumi";

/** A user's login to a registry. */
export interface RegistryLogin {
  readonly username: pulumi.Input<string>;
  /** Kept as a secret, whether or not it is given as one. */
  readonly password: pulumi.Input<string>;
}

/** An image that has to be in its registry, as a builder gets it: everything is settled and checked. */
export interface Build {
  /** With the registry's host: `registry.example.com/acme/web`. */
  readonly repository: string;
  /** Host of the registry, with the port when it has one. */
  readonly registry: string;
  readonly tag: string;
  /** Absolute path. */
  readonly context: string;
  /** Absolute path of a file in the context. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile; empty for the last one. */
  readonly target: string;
  /** One or more, as `linux/amd64`. */
  readonly platforms: readonly string[];
  /** By name; their values are secrets. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Undefined when the builder finds its credentials itself, as `docker push` does. */
  readonly login: RegistryLogin | undefined;
  /** Digest of the image when the registry has it already; undefined when it has to be built. */
  readonly present: string | undefined;
}

/** What a builder may refuse, before anything is asked or declared. */
export type BuildRequest = Pick<Build, "labels" | "platforms" | "secrets">;

/** Who makes an image and brings it to its registry. */
export interface Builder {
  /** As it is written in a program: `docker()`. */
  readonly name: string;

  /** What this builder cannot do for an image, in sentences. */
  check(request: BuildRequest): string[];

  /** The tag or digest by which the registry tells that the image is there, given the tag of its content. */
  wanted(tag: string): string;

  /**
   * Puts the builder's resource in the preview: one that builds and pushes, or, when the image is present, one that is
   * only read, which builds nothing and is no change. See docs/decisions/0001-image-miss-and-hit.md.
   *
   * @param name of the resource; it is the image's.
   * @param opts have the image as parent.
   * @returns the digest of the image in the registry; unknown in a preview of a build.
   * @throws ImageProblem when the builder's package is not installed.
   */
  create(name: string, build: Build, opts: pulumi.CustomResourceOptions): pulumi.Output<string>;
}

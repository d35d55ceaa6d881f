import type * as Docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Build, Builder, BuildRequest } from "./contract";
import { buildOptions, keep } from "./lifecycle";
import { loadPeer } from "./peer";

/** What `docker()` gives to the `Image` of `@pulumi/docker`. */
export interface DockerInputs {
  readonly imageName: string;
  readonly build: {
    readonly context: string;
    readonly dockerfile: string;
    readonly platform: string;
    readonly args: Record<string, string>;
    readonly target?: string;
    /** More that `DockerBuild` of that package takes, from `transform`. */
    readonly [more: string]: unknown;
  };
  readonly registry?: {
    readonly server: string;
    readonly username: pulumi.Input<string>;
    readonly password: pulumi.Input<string>;
  };
}

/** How {@link docker} builds. */
export interface DockerOptions {
  /**
   * Changes what the builder's resource gets; applied last.
   * @default nothing is changed
   */
  readonly transform?: (inputs: DockerInputs) => DockerInputs;
}

const NAME = "docker()";
const PACKAGE = "@pulumi/docker";

/** Builds with a Docker Engine, through the `Image` of `@pulumi/docker`: one platform, no build secrets, no labels. */
export function docker({ transform = keep }: DockerOptions = {}): Builder {
  return {
    name: NAME,
    check: checkRequest,
    wanted: (tag) => tag,
    create(name, build, opts) {
      const { Image } = loadPeer(NAME, PACKAGE, () => require(PACKAGE) as typeof Docker);
      const imageName = `${build.repository}:${build.tag}`;
      if (build.present !== undefined) {
        // The plugin's id of an image is the image's name.
        Image.get(name, imageName, opts);
        return pulumi.output(build.present);
      }
      const image = new Image(name, transform(dockerInputs(imageName, build)), buildOptions(opts));
      return image.repoDigest.apply((digest) => digest.slice(digest.lastIndexOf("@") + 1));
    },
  };
}

function checkRequest({ platforms, secrets, labels }: BuildRequest): string[] {
  const only = `builder ${NAME} cannot do that; choose builder: buildkit()`;
  const several =
    platforms.length > 1 ? [`platforms names ${platforms.length}, and ${only}, or name one`] : [];
  const hidden = Object.keys(secrets).length > 0 ? [`secrets are given, and ${only}`] : [];
  const labelled = Object.keys(labels).length > 0 ? [`labels are given, and ${only}, or use LABEL`] : [];
  return [...several, ...hidden, ...labelled];
}

function dockerInputs(imageName: string, build: Build): DockerInputs {
  const { context, dockerfile, args, target, platforms, registry, login } = build;
  const [platform = ""] = platforms;
  return {
    imageName,
    build: { context, dockerfile, platform, args: { ...args }, ...(target === "" ? {} : { target }) },
    ...(login === undefined ? {} : { registry: { server: registry, ...login } }),
  };
}

import type * as DockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import type { Build, Builder } from "./contract";
import { buildOptions, keep } from "./lifecycle";
import { loadPeer } from "./peer";

/** What `buildkit()` gives to the `Image` of `@pulumi/docker-build`. */
export interface BuildkitInputs {
  readonly push: boolean;
  readonly buildOnPreview: boolean;
  readonly tags: string[];
  readonly context: { readonly location: string };
  readonly dockerfile: { readonly location: string };
  readonly buildArgs: Record<string, string>;
  readonly labels: Record<string, string>;
  readonly platforms: string[];
  readonly secrets: Record<string, pulumi.Input<string>>;
  readonly target?: string;
  readonly builder?: { readonly name: string };
  readonly registries?: {
    readonly address: string;
    readonly username: pulumi.Input<string>;
    readonly password: pulumi.Input<string>;
  }[];
  /** More that `ImageArgs` of that package takes, from `transform`: `cacheFrom`, `cacheTo`, `network` and others. */
  readonly [more: string]: unknown;
}

/** How {@link buildkit} builds. */
export interface BuildkitOptions {
  /**
   * Name of the buildx builder to use.
   * @default the first one that can be used, as in Docker's own configuration
   */
  readonly builder?: string;
  /**
   * Changes what the builder's resource gets; applied last.
   * @default nothing is changed
   * @example (inputs) => ({ ...inputs, cacheFrom: [{ registry: { ref: "registry.example.com/acme/web:cache" } }] })
   */
  readonly transform?: (inputs: BuildkitInputs) => BuildkitInputs;
}

const NAME = "buildkit()";
const PACKAGE = "@pulumi/docker-build";

/** Builds with BuildKit, through the `Image` of `@pulumi/docker-build`. It needs no Docker Engine. */
export function buildkit(options: BuildkitOptions = {}): Builder {
  const { transform = keep } = options;
  return {
    name: NAME,
    check: () => [],
    wanted: (tag) => tag,
    create(name, build, opts) {
      const { Image } = loadPeer(NAME, PACKAGE, () => require(PACKAGE) as typeof DockerBuild);
      if (build.present !== undefined) {
        // The plugin's id of an image is the image's digest.
        Image.get(name, build.present, opts);
        return pulumi.output(build.present);
      }
      return new Image(name, imageArgs(transform(buildkitInputs(build, options))), buildOptions(opts)).digest;
    },
  };
}

function buildkitInputs(build: Build, { builder }: BuildkitOptions): BuildkitInputs {
  const { target, login, registry } = build;
  return {
    push: true,
    buildOnPreview: false,
    tags: [`${build.repository}:${build.tag}`],
    context: { location: build.context },
    dockerfile: { location: build.dockerfile },
    buildArgs: { ...build.args },
    labels: { ...build.labels },
    platforms: [...build.platforms],
    secrets: { ...build.secrets },
    ...(target === "" ? {} : { target }),
    ...(builder === undefined ? {} : { builder: { name: builder } }),
    ...(login === undefined ? {} : { registries: [{ address: registry, ...login }] }),
  };
}

/** The package's own type has an enumeration where a platform's name is all that counts. */
function imageArgs(inputs: BuildkitInputs): DockerBuild.ImageArgs {
  return inputs as unknown as DockerBuild.ImageArgs;
}

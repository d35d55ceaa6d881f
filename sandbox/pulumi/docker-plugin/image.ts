import { BUILDERS } from "./inputs.ts";
import { asObject, asString, asStrings } from "./properties.ts";
import type { Properties } from "./properties.ts";

export interface RegistryLogin {
  readonly server: string;
  readonly username: string;
  readonly password: string;
}

/** Settled inputs: what is to be built and where it goes. */
export interface Image {
  readonly name: string;
  readonly push: boolean;
  readonly registry: RegistryLogin;
  readonly context: string;
  readonly dockerfile: string;
  readonly platform: string;
  readonly target: string;
  readonly network: string;
  readonly addHosts: readonly string[];
  readonly cacheFrom: readonly string[];
  readonly args: Readonly<Record<string, string>>;
  /** The value of DOCKER_BUILDKIT. */
  readonly buildkit: string;
}

/** Call after the inputs are completed and checked. */
export function resolveImage(inputs: Properties): Image {
  const build = asObject(inputs["build"]);
  const registry = asObject(inputs["registry"]);
  const text = (value: unknown): string => asString(value) ?? "";
  const args = Object.entries(asObject(build["args"])).map(([name, value]) => [name, text(value)]);
  return {
    name: text(inputs["imageName"]),
    push: inputs["skipPush"] !== true,
    registry: {
      server: text(registry["server"]),
      username: text(registry["username"]),
      password: text(registry["password"]),
    },
    context: text(build["context"]),
    dockerfile: text(build["dockerfile"]),
    platform: text(build["platform"]),
    target: text(build["target"]),
    network: text(build["network"]),
    addHosts: asStrings(build["addHosts"]),
    cacheFrom: asStrings(asObject(build["cacheFrom"])["images"]),
    args: Object.fromEntries(args),
    buildkit: text(build["builderVersion"]) === "BuilderV1" ? BUILDERS.BuilderV1 : BUILDERS.BuilderBuildKit,
  };
}

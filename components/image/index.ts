export { Image } from "./image";
export { DEFAULT_DOCKERFILE, DEFAULT_PLATFORMS } from "./args";
export type { ImageArgs } from "./args";
export { buildkit, docker, prebuilt } from "./builders";
export type {
  Build,
  Builder,
  BuildkitInputs,
  BuildkitOptions,
  BuildRequest,
  DockerInputs,
  DockerOptions,
  PrebuiltArgs,
  RegistryLogin,
} from "./builders";
export { isDigest, tryParseReference } from "./reference";
export type { ImageReference, Repository } from "./reference";
export { TAG_PREFIX } from "./source";

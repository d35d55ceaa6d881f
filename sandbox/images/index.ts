export { BUILDER, cleanUpBuildkitd, startBuildkitd } from "./buildkitd.ts";
export type { Buildkitd, BuildOptions } from "./buildkitd.ts";
export type { Credentials } from "./credentials.ts";
export { cleanUpDockerd, DEFAULT_DOCKER_HOST, startDockerd } from "./dockerd.ts";
export type { Dockerd, DockerOptions } from "./dockerd.ts";
export { DEFAULT_PULL_LIMIT, DEFAULT_TOKEN_SECONDS } from "./hub.ts";
export type { PullLimit } from "./hub/settings.ts";
export { registryRequests, startRegistry } from "./registry.ts";
export type { Registry, RegistryOptions } from "./registry.ts";

export { DEFAULT_INCLUDE_CRDS, helmTemplate, isSource, kustomize, yamlFiles } from "./args";
export type {
  HelmHooks,
  HelmTemplateArgs,
  HelmTemplateSource,
  KustomizeSource,
  ManifestEntry,
  ManifestsFrom,
  YamlFilesSource,
} from "./args";
export type { ImageRefs } from "./images";
export { sourcePatterns } from "./patterns";
export { resolveManifests } from "./resolve";
export type { SourcePlace } from "./resolve";
export { TOOL_MEMORY_MIB, TOOL_SECONDS } from "./tool";

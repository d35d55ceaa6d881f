export * from "./app";
export { canonicalJson } from "./canonical";
export { checkManifests } from "./check";
export type { CheckLevel } from "./check";
export { checkList } from "./check-list";
export type { ListPlace } from "./check-list";
export {
  checkForGit,
  checkImmutable,
  checkObjects,
  checkPodSecurity,
  POD_SECURITY_EXCEPTION,
  podSecurityLevel,
} from "./checks";
export type { ObjectCheckOptions, PodSecurityLevel } from "./checks";
export { manifestFileName, manifestFiles, writeRendered } from "./files";
export { imagesOf } from "./images";
export type { ImageField } from "./images";
export { groupOf, objectKey, objectTitle } from "./manifest";
export type { Manifest, ObjectMeta } from "./manifest";
export { checkDnsLabel, checkDnsSubdomain, checkNamespace, isDnsLabel, isDnsSubdomain, shown } from "./names";
export { originOf, titleOf, withOrigin } from "./origin";
export { overlaid } from "./overlay";
export type { KindTransform, Overlay } from "./overlay";
export { APPLY_STAGES, inApplyOrder, stageOf } from "./order";
export type { ApplyStage } from "./order";
export { MANAGED_BY, placed } from "./placement";
export type { Placement } from "./placement";
export { DEFAULT_KUBERNETES_VERSION, deprecations } from "./schema";
export type { KubernetesVersion } from "./schema";
export { isClusterScoped } from "./scope";
export { helmTemplate, isSource, kustomize, resolveManifests, sourcePatterns, yamlFiles } from "./sources";
export type {
  HelmHooks,
  HelmTemplateArgs,
  ImageRefs,
  ManifestEntry,
  ManifestsFrom,
  SourcePlace,
} from "./sources";
export { parseYaml, toYaml } from "./yaml";
export type { YamlSource } from "./yaml";

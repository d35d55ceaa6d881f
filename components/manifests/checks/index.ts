export { checkForGit, checkKnown, checkPlainSecrets, checkSubstitution } from "./git";
export { checkImmutable } from "./immutable";
export { checkObjects, MAX_OBJECTS } from "./objects";
export type { ObjectCheckOptions } from "./objects";
export { checkPodSecurity, podSecurityLevel, POD_SECURITY_EXCEPTION } from "./pod-security";
export type { PodSecurityLevel } from "./pod-security";
export { MAX_ANNOTATIONS_BYTES, MAX_DATA_BYTES, MAX_OBJECT_BYTES } from "./size";

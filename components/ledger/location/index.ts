export { checkRepository, parseAddress } from "./address";
export type { RepositoryAddress } from "./address";
export { checkBranch } from "./branch";
export { checkOwned, overlaps } from "./owned";
export type { OwnedFiles } from "./owned";
export { MAX_NAME_BYTES, MAX_PATH_BYTES, checkPath, isBelow, withAncestors } from "./paths";

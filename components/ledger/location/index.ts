export { checkRepository, parseAddress } from "./address";
export type { RepositoryAddress } from "./address";
export { checkBranch, ledgerBranch } from "./branch";
export { checkOwned, overlaps } from "./owned";
export type { OwnedFiles } from "./owned";
export { MAX_NAME_BYTES, MAX_PATH_BYTES, checkPath, isBelow, withAncestors } from "./paths";

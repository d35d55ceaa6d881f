export { copyImage } from "./copy";
export type { CopyResult, ImageCopy } from "./copy";
export { partsOf } from "./parts";
export { prunePlan, isOwnTag } from "./prune";
export type { PrunePlan, Stored } from "./prune";

export { createVerifiedMark } from "./mark";
export type { VerifiedMarkArgs } from "./mark";
export { VERIFIED, VERIFIED_FOLDER } from "./names";

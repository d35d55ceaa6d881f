export { createVerifiedMark } from "./mark";
export type { VerifiedMarkArgs } from "./mark";
export { MARK_FILE, VERIFIED, VERIFIED_FOLDER } from "./names";
export { readMark } from "./read-mark";
export type { Mark } from "./read-mark";

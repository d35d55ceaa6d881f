/**
 * Implementations of the library's dynamic resources. This path is a compatibility promise: every state that was
 * ever written refers to it by name.
 */
export { agentCheck } from "./agent-check";
export { agentRelease } from "./agent-release";
export { gate } from "./gate";
export { generated } from "./generated";
export { gitCommit } from "./git-commit";
export { sealed } from "./sealed";
export { syncGate } from "./sync-gate";

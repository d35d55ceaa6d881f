export { explain } from "./explain";
export { readLimits } from "./http-answer";
export type { HttpAnswer } from "./http-answer";
export { GIT_TIMEOUT_MS, closeGit, openGit, runGit, tryGit } from "./run";
export type { Git, GitInput, GitResult } from "./run";
export { repositoryFolder, writeSettings } from "./settings";

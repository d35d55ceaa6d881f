export { GitCommit } from "./git-commit";
export type { GitCommitArgs, GitCommitMessageArgs } from "./git-commit";
export { DEFAULT_TEARDOWN } from "./inputs";
export type { Teardown } from "./inputs";

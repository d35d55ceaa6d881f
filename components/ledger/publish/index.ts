export { DEFAULT_AUTHOR, DEFAULT_MAX_WAIT_SECONDS, MAX_REMOVED_SHARE } from "./args";
export type {
  CommitAuthor,
  CommitMessage,
  Consent,
  KnownPublication,
  LedgerLocation,
  LedgerRuntime,
  Publication,
  PublishArgs,
  PublishStep,
  PullRequestArgs,
  Signing,
} from "./args";
export { checkLocation, checkPublish, checkPullRequest, isCommit } from "./check";
export { removalProblems } from "./removals";
export { TRAILERS, messageText } from "./message";
export { proposalBranch } from "./propose";
export { publish } from "./publish";
export { withLedger } from "./session";
export { withdraw } from "./withdraw";
export type { WithdrawArgs } from "./withdraw";

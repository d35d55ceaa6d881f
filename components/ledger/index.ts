export { DEFAULT_TOKEN_USER, DEFAULT_TOKEN_VARIABLE } from "./access";
export type {
  GitAccess,
  GitHubAppAccess,
  SecretSource,
  SshAgentAccess,
  SshKeyAccess,
  TokenAccess,
} from "./access";
export {
  DEFAULT_LEDGER_CHANGES,
  DEFAULT_LEDGER_DESCRIPTION,
  DEFAULT_LEDGER_BRANCHES,
  DEFAULT_LEDGER_VISIBILITY,
  DeployRepository,
} from "./deploy-repository";
export type { DeployRepositoryArgs, DeployRepositoryVisibility, LedgerChanges } from "./deploy-repository";
export { LedgerError } from "./failure";
export type { LedgerFailure } from "./failure";
export { checkBranch, checkPath, checkRepository, ledgerBranch } from "./location";
export {
  DEFAULT_AUTHOR,
  DEFAULT_MAX_WAIT_SECONDS,
  MAX_REMOVED_SHARE,
  TRAILERS,
  checkLocation,
  publish,
  withdraw,
} from "./publish";
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
  WithdrawArgs,
} from "./publish";
export { CLUSTERS_FOLDER, clusterFolder, readLedger } from "./read";
export type { ClusterFiles, FileTexts, Ledger, LedgerEntry } from "./read";
export { DEFAULT_TEARDOWN, GitCommit } from "./resource";
export type { GitCommitArgs, GitCommitMessageArgs, Teardown } from "./resource";
export { createVerifiedMark, VERIFIED, VERIFIED_FOLDER } from "./outcome";
export type { VerifiedMarkArgs } from "./outcome";

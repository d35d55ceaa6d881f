export { DEFAULT_TOKEN_USER, DEFAULT_TOKEN_VARIABLE } from "./args";
export type {
  GitAccess,
  GitHubAppAccess,
  SecretSource,
  SshAgentAccess,
  SshKeyAccess,
  TokenAccess,
} from "./args";
export { checkAccess, checkApi } from "./check";
export { resolveAccess } from "./resolve";
export type { Credential } from "./resolve";
export { checkSecretSource, readSecret, sourceTitle } from "./secrets";
export type { SecretPlaces } from "./secrets";

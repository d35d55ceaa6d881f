export { installationToken } from "./app";
export type { AppKey } from "./app";
export { callGitHub, gitHubRepository } from "./client";
export type { GitHubRepository, GitHubRequest } from "./client";
export { proposeOnGitHub } from "./pull-request";
export type { Proposal } from "./pull-request";

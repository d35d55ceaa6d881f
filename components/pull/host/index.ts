export { checkHost, DEFAULT_DEPLOY_KEYS, github, resolveHost, sshAddress } from "./args";
export type { GitHubHost, HostPlan } from "./args";
export { checkHostPackage, createHost, createWebhooks } from "./create";

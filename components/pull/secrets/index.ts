export { serveSecrets } from "./apply";
export type { ServedSecrets } from "./apply";
export { checkPullSecrets, DEFAULT_PULL_SECRETS } from "./args";
export type { PullSecrets } from "./args";

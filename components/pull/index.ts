export {
  DEFAULT_HEAL_INTERVAL,
  DEFAULT_PULL_INTERVAL,
  DEFAULT_PULL_TIMEOUT,
  DEFAULT_RETRY_INTERVAL,
} from "./args";
export type { PullDeliveryArgs, PullSettings, StatusesArgs, WebhookArgs } from "./args";
export type { AgentStatus, PullAgent } from "./contract";
export type { PullCredentials } from "./credentials";
export { PullDelivery } from "./delivery";
export type { PulledRecord } from "./outcome";
export type { Duration } from "./duration";
export { DEFAULT_FLUX_COMPONENTS, FLUX_COMPONENTS } from "./flux";
export type { FluxComponent } from "./flux";
export { DEFAULT_DEPLOY_KEYS, github } from "./host";
export type { GitHubHost } from "./host";
export { DEFAULT_AGENT_TEARDOWN, FluxAgent } from "./installation";
export type { AgentTeardown, ExistingFlux, FluxAgentArgs, InstalledFlux } from "./installation";
export type { Kind } from "../manifests/rules";
export { FluxSource } from "./source";
export type { FluxSourceArgs } from "./source";
export type { ManifestSource } from "./published";
export { DEFAULT_PULL_SOURCES } from "./sources";
export type { PullSources } from "./sources";
export { DEFAULT_PULL_SECRETS } from "./secrets";
export type { PullSecrets } from "./secrets";
export { DEFAULT_PULL_TEARDOWN } from "./sync/inputs";
export type { PullTeardown, SyncResult } from "./sync/inputs";

export { fluxAgent } from "./agent";
export { publishedVersion } from "./install";
export { DEFAULT_FLUX_COMPONENTS, FLUX_COMPONENTS, FLUX_NAMESPACE, FLUX_REQUIRED } from "./names";
export type { FluxComponent } from "./names";
export { receiverManifest, webhookPath } from "./receiver";
export { statusManifests } from "./statuses";

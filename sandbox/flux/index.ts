export { besideCluster } from "./arguments.ts";
export { writeFluxManifests } from "./manifests.ts";
export {
  evictFlux,
  FLUX_NAMESPACE,
  isFluxInstalled,
  PULL_CONTROLLERS,
  startFlux,
  stopFlux,
} from "./start.ts";
export type { RunningFlux } from "./start.ts";

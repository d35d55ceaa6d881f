import type { PullAgent } from "../contract";
import { fluxManifests } from "./install";
import {
  FLUX_NAMESPACE,
  FLUX_REQUIRED,
  KUSTOMIZE_API,
  NOTIFICATION_ALPHA_API,
  NOTIFICATION_API,
  REQUEST_ANNOTATION,
  SOURCE_API,
} from "./names";
import { gitRepositoryManifest } from "./source";
import { readFluxStatus } from "./status";
import { kustomizationManifest } from "./sync";

/** Flux, by its GitRepository and Kustomization. */
export const fluxAgent: PullAgent = {
  name: "flux",
  namespace: FLUX_NAMESPACE,
  controller: "kustomize-controller",
  required: FLUX_REQUIRED,
  requestAnnotation: REQUEST_ANNOTATION,
  install: fluxManifests,
  source: (source) => [gitRepositoryManifest(source)],
  sync: (sync) => [kustomizationManifest(sync)],
  objects: ({ name, namespace }) => ({
    source: { apiVersion: SOURCE_API, kind: "GitRepository", namespace, name },
    sync: { apiVersion: KUSTOMIZE_API, kind: "Kustomization", namespace, name },
  }),
  others: ({ name, namespace }) => [
    { apiVersion: NOTIFICATION_API, kind: "Receiver", namespace, name },
    { apiVersion: NOTIFICATION_ALPHA_API, kind: "Alert", namespace, name },
    { apiVersion: NOTIFICATION_ALPHA_API, kind: "Provider", namespace, name },
  ],
  readStatus: readFluxStatus,
};

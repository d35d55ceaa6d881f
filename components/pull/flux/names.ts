/** Where Flux is installed. Source: Flux, "Installation". */
export const FLUX_NAMESPACE = "flux-system";
export const SOURCE_API = "source.toolkit.fluxcd.io/v1";
export const KUSTOMIZE_API = "kustomize.toolkit.fluxcd.io/v1";
export const NOTIFICATION_API = "notification.toolkit.fluxcd.io/v1";
/** Of what tells others. Source: Flux, "Provider" and "Alert". */
export const NOTIFICATION_ALPHA_API = "notification.toolkit.fluxcd.io/v1beta3";
/** A change of its value makes a controller look at an object again. Source: Flux, "Triggering a reconcile". */
export const REQUEST_ANNOTATION = "reconcile.fluxcd.io/requestedAt";

/** The controllers that pull delivery needs. */
export const FLUX_REQUIRED = ["source-controller", "kustomize-controller"] as const;
/** The controllers that can be installed. */
export const FLUX_COMPONENTS = [
  ...FLUX_REQUIRED,
  "notification-controller",
  "helm-controller",
  "image-reflector-controller",
  "image-automation-controller",
  "source-watcher",
] as const;
/** A controller of Flux. */
export type FluxComponent = (typeof FLUX_COMPONENTS)[number];
/** Sources, their application, and webhooks and notifications. */
export const DEFAULT_FLUX_COMPONENTS: readonly FluxComponent[] = [
  ...FLUX_REQUIRED,
  "notification-controller",
];

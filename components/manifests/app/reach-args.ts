/** Where an Ingress or a route begins when nothing is said: everywhere. */
export const DEFAULT_ROUTE_PATH = "/";
/** How busy the pods may be on average, in percent of what they request, before there are more of them. */
export const DEFAULT_SCALING_CPU = 80;

/** What a port takes when nothing is said. */
export const DEFAULT_PROTOCOL: Protocol = "TCP";

export type Protocol = "TCP" | "UDP";

/** A further port of a service. */
export interface PortArgs {
  /** Up to 15 of a-z, 0-9 and "-", with a letter; unique, and not `http`. */
  readonly name: string;
  /** Of the container and of the Service, 1 to 65535. */
  readonly port: number;
  /** @default {@link DEFAULT_PROTOCOL} */
  readonly protocol?: Protocol;
}

/** A volume that each pod of a StatefulSet has for itself and keeps. */
export interface ClaimArgs {
  /** A DNS-1123 label, unique in the pod. */
  readonly name: string;
  /** Absolute path in the container. */
  readonly path: string;
  /** As in "10Gi". It cannot be changed later. */
  readonly size: string;
  /** @default the cluster's own */
  readonly storageClass?: string;
}

/** Makes a StatefulSet of the service, whose pods have names and volumes of their own. */
export interface StatefulArgs {
  readonly claims: readonly ClaimArgs[];
}

/** Whole numbers; `max` is no less than `min`. */
export interface ScalingArgs {
  /** 1 or more. */
  readonly min: number;
  readonly max: number;
  /**
   * Percent of the requested CPU.
   * @default {@link DEFAULT_SCALING_CPU}
   */
  readonly cpu?: number;
}

/** A count, or a part of all as in "25%". */
export type Amount = number | `${number}%`;

/** How many pods a PodDisruptionBudget lets be down at once, or wants to be up. */
export type DisruptionArgs = { readonly maxUnavailable: Amount } | { readonly minAvailable: Amount };

/** An Ingress for the service, at one host. */
export interface IngressArgs {
  /** A DNS name. */
  readonly host: string;
  /** @default {@link DEFAULT_ROUTE_PATH} */
  readonly path?: string;
  /** @default the cluster's own */
  readonly className?: string;
  /** Name of the Secret with the certificate; without it there is no TLS. */
  readonly tlsSecret?: string;
  /** For the ingress controller. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A route of the Gateway API. */
export interface HttpRouteArgs {
  /** DNS names; the first part may be `*`. @default those of the gateway */
  readonly hostnames?: readonly string[];
  readonly gateway: { readonly name: string; readonly namespace?: string; readonly section?: string };
  /** @default {@link DEFAULT_ROUTE_PATH} */
  readonly path?: string;
}

/** Who is on the other end: pods of an application, all pods of a namespace, or addresses. */
export type Peer =
  | { readonly app: string; readonly namespace?: string }
  | { readonly namespace: string }
  | { readonly cidr: string };

/** A NetworkPolicy for the service's pods: what it does not name is cut off. */
export interface NetworkArgs {
  /** Who may connect to the service's ports. */
  readonly from?: readonly Peer[];
  /** Where the pods may connect to, on every port or on some. */
  readonly to?: readonly (Peer & { readonly ports?: readonly number[] })[];
}

import type * as pulumi from "@pulumi/pulumi";

/** Requested and limited per container. No CPU limit: it slows a service down even when the node is idle. */
export const DEFAULT_RESOURCES: Resources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { memory: "128Mi" },
};
/** The numeric user of the container: restricted Pod Security wants one that is not root. */
export const DEFAULT_USER = 65532;
/** What pods are spread over when nothing else is said. */
export const DEFAULT_SPREAD_OVER = "topology.kubernetes.io/zone";
/** Whether a pod waits for a fitting node: one that runs anywhere is better than none. */
export const DEFAULT_SPREAD_REQUIRED = false;

/** Amounts by resource name, as in `{ cpu: "50m", memory: "64Mi" }`. Source: Kubernetes, "Resource units". */
export interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** One value of a Secret that is made beside the list. */
export interface SecretKey {
  readonly secret: string;
  readonly key: string;
}

/** Where a volume's files come from: an empty folder, a ConfigMap, a Secret, or a PersistentVolumeClaim. */
export type VolumeSource =
  | { readonly empty: { readonly size?: string } }
  | { readonly configMap: string }
  | { readonly secret: string }
  | { readonly claim: string };

/** A folder of the main container. */
export type VolumeArgs = VolumeSource & {
  /** A DNS-1123 label, unique in the pod. */
  readonly name: string;
  /** Absolute path in the container. */
  readonly path: string;
};

/** A container beside the main one. */
export interface ContainerArgs {
  /** A DNS-1123 label, unique in the pod. */
  readonly name: string;
  /** `repository@sha256:…`. */
  readonly image: pulumi.Input<string>;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Values of Secrets as environment variables. */
  readonly secretEnv?: Readonly<Record<string, SecretKey>>;
  /** @default {@link DEFAULT_RESOURCES} */
  readonly resources?: Resources;
  /** Paths by the name of the pod's volumes that it sees. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** Leaves the restricted Pod Security profile; the namespace has to let the pods in. */
export interface PodSecurityExceptionArgs {
  /** Why the pods need it; stands as an annotation in the object. */
  readonly because: string;
  /** Fields of the pod's spec, as `{ hostNetwork: true }`. */
  readonly pod?: Readonly<Record<string, unknown>>;
  /** Fields of the main container's security context, as `{ capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } }`. */
  readonly container?: Readonly<Record<string, unknown>>;
}

/** How evenly pods are spread. Source: Kubernetes, "Pod Topology Spread Constraints". */
export interface SpreadArgs {
  /**
   * Label of the nodes.
   * @default {@link DEFAULT_SPREAD_OVER}
   */
  readonly over?: string;
  /**
   * Whether a pod waits when there is no fitting node; else the scheduler does its best.
   * @default {@link DEFAULT_SPREAD_REQUIRED}
   */
  readonly required?: boolean;
}

/** What pods of a service and pods of a job have in common. */
export interface PodArgs {
  /** Name of the objects; a DNS-1123 label. */
  readonly name: string;
  /** `repository@sha256:…`; may be the `ref` of an `Image`. */
  readonly image: pulumi.Input<string>;
  /** Settings that the container gets as environment variables, kept in a ConfigMap. A change rolls the pods. */
  readonly config?: Readonly<Record<string, string>>;
  /** Environment variables beside `config`. Values stand in the pod template; name secrets by `secretEnv` instead. */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Values of Secrets as environment variables. */
  readonly secretEnv?: Readonly<Record<string, SecretKey>>;
  /** Secrets of which every value is an environment variable. */
  readonly secretEnvFrom?: readonly string[];
  /** The entry point instead of the image's. */
  readonly command?: readonly string[];
  /** Arguments of the container's entry point. */
  readonly args?: readonly string[];
  /** @default {@link DEFAULT_RESOURCES} */
  readonly resources?: Resources;
  /**
   * Numeric user that the containers run as; 0, which is root, is refused. Volumes belong to its group.
   * @default {@link DEFAULT_USER}
   */
  readonly user?: number;
  /** Labels of every object, beside the recommended ones. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Folders of the main container; its root file system cannot be written. */
  readonly volumes?: readonly VolumeArgs[];
  /** Containers that run one after the other before the main one, each to its end. */
  readonly initContainers?: readonly ContainerArgs[];
  /** Containers that run as long as the main one, started before it. Needs Kubernetes 1.29. */
  readonly sidecars?: readonly ContainerArgs[];
  /** Names of Secrets with the credentials of registries. */
  readonly imagePullSecrets?: readonly string[];
  /** Spreads the pods over zones, or over something else. */
  readonly spread?: SpreadArgs;
  readonly podSecurityException?: PodSecurityExceptionArgs;
}

/** {@link PodArgs} with every default filled in; what may be absent is `undefined` or an empty list. */
export interface Pod extends Required<Omit<PodArgs, "spread" | "podSecurityException">> {
  readonly spread: SpreadArgs | undefined;
  readonly podSecurityException: PodSecurityExceptionArgs | undefined;
}

export function resolvePod(args: PodArgs): Pod {
  return {
    name: args.name,
    image: args.image,
    config: args.config ?? {},
    env: args.env ?? {},
    secretEnv: args.secretEnv ?? {},
    secretEnvFrom: args.secretEnvFrom ?? [],
    command: args.command ?? [],
    args: args.args ?? [],
    resources: args.resources ?? DEFAULT_RESOURCES,
    user: args.user ?? DEFAULT_USER,
    labels: args.labels ?? {},
    volumes: args.volumes ?? [],
    initContainers: args.initContainers ?? [],
    sidecars: args.sidecars ?? [],
    imagePullSecrets: args.imagePullSecrets ?? [],
    spread: args.spread,
    podSecurityException: args.podSecurityException,
  };
}

import { POD_SECURITY_EXCEPTION } from "../checks";
import { CONFIG_HASH_ANNOTATION, configHash, configMapName, hasConfig } from "./config-map";
import { objectLabels, selectorLabels } from "./labels";
import { DEFAULT_RESOURCES, DEFAULT_SPREAD_OVER, DEFAULT_SPREAD_REQUIRED } from "./pod-args";
import type { ContainerArgs, Pod, PodArgs, SpreadArgs, VolumeArgs } from "./pod-args";
import { containerSecurityContext, podSecurityContext } from "./security";

type Fields = Record<string, unknown>;

/**
 * What a gate says of a container that crashes is its last message. Most programs write it to their output alone, and there
 * the kubelet takes the end of that. Source: Kubernetes, "Determine the Reason for Pod Failure".
 */
const LAST_WORDS = { terminationMessagePolicy: "FallbackToLogsOnError" } as const;

/** A field that is there only when it has something to say. */
function some(name: string, list: readonly unknown[]): Fields {
  return list.length > 0 ? { [name]: [...list] } : {};
}

export function templateMetadata(pod: Pod): Fields {
  const labels = objectLabels(pod);
  return hasConfig(pod) ? { labels, annotations: { [CONFIG_HASH_ANNOTATION]: configHash(pod) } } : { labels };
}

/** Annotations of an object with pods: why they leave the restricted profile, when they do. */
export function exceptionAnnotations({ podSecurityException: exception }: Pod): Fields {
  return exception === undefined ? {} : { annotations: { [POD_SECURITY_EXCEPTION]: exception.because } };
}

/** The spec of a pod; `main` are fields of the main container that only its kind has, as ports and probes. */
export function podSpec(pod: Pod, main: Fields, mounts: readonly Fields[] = []): Fields {
  const beside = [...pod.initContainers.map((one) => sideContainer(one, {})), ...pod.sidecars.map(sidecar)];
  return {
    serviceAccountName: pod.name,
    automountServiceAccountToken: false,
    ...some(
      "imagePullSecrets",
      pod.imagePullSecrets.map((name) => ({ name })),
    ),
    securityContext: podSecurityContext(pod, pod.volumes.length + mounts.length > 0),
    ...(pod.spread === undefined ? {} : { topologySpreadConstraints: [spreadConstraint(pod, pod.spread)] }),
    ...some("initContainers", beside),
    containers: [container(pod, main, mounts)],
    ...some("volumes", pod.volumes.map(volume)),
    ...pod.podSecurityException?.pod,
  };
}

function container(pod: Pod, main: Fields, mounts: readonly Fields[]): Fields {
  const ownMounts = pod.volumes.map(({ name, path }) => ({ name, mountPath: path }));
  const { ports, ...probes } = main;
  return {
    name: pod.name,
    image: pod.image,
    ...some("command", pod.command),
    ...some("args", pod.args),
    ...(ports === undefined ? {} : { ports }),
    ...environmentFrom(pod),
    ...environment(pod),
    resources: pod.resources,
    ...probes,
    ...LAST_WORDS,
    securityContext: { ...containerSecurityContext(), ...pod.podSecurityException?.container },
    ...some("volumeMounts", [...ownMounts, ...mounts]),
  };
}

function environmentFrom(pod: Pod): Fields {
  const settings = hasConfig(pod) ? [{ configMapRef: { name: configMapName(pod) } }] : [];
  return some("envFrom", [...settings, ...pod.secretEnvFrom.map((name) => ({ secretRef: { name } }))]);
}

function environment({ env = {}, secretEnv = {} }: Pick<PodArgs, "env" | "secretEnv">): Fields {
  const plain = Object.entries(env).map(([name, value]) => ({ name, value }));
  const secret = Object.entries(secretEnv).map(([name, { secret: from, key }]) => ({
    name,
    valueFrom: { secretKeyRef: { name: from, key } },
  }));
  return some("env", [...plain, ...secret]);
}

/** An init container that is restarted always is a sidecar. Source: Kubernetes, "Sidecar Containers". */
function sidecar(args: ContainerArgs): Fields {
  return sideContainer(args, { restartPolicy: "Always" });
}

function sideContainer(args: ContainerArgs, extra: Fields): Fields {
  const mounts = Object.entries(args.mounts ?? {}).map(([name, mountPath]) => ({ name, mountPath }));
  return {
    name: args.name,
    image: args.image,
    ...extra,
    ...some("command", args.command ?? []),
    ...some("args", args.args ?? []),
    ...environment(args),
    resources: args.resources ?? DEFAULT_RESOURCES,
    ...LAST_WORDS,
    securityContext: containerSecurityContext(),
    ...some("volumeMounts", mounts),
  };
}

function volume({ name, ...source }: VolumeArgs): Fields {
  if ("configMap" in source) return { name, configMap: { name: source.configMap } };
  if ("secret" in source) return { name, secret: { secretName: source.secret } };
  if ("claim" in source) return { name, persistentVolumeClaim: { claimName: source.claim } };
  const { size } = source.empty;
  return { name, emptyDir: size === undefined ? {} : { sizeLimit: size } };
}

function spreadConstraint(pod: Pod, { over, required }: SpreadArgs): Fields {
  return {
    topologyKey: over ?? DEFAULT_SPREAD_OVER,
    maxSkew: 1,
    whenUnsatisfiable: (required ?? DEFAULT_SPREAD_REQUIRED) ? "DoNotSchedule" : "ScheduleAnyway",
    labelSelector: { matchLabels: selectorLabels(pod) },
  };
}

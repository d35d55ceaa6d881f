import type { CheckTarget } from "../contract";
import type { Job } from "./job";

/** How long a smoke job may take, in seconds. */
export const DEFAULT_SMOKE_DEADLINE_SECONDS = 120;
/** How long a finished job can be looked at before the cluster removes it, in seconds. */
export const KEPT_SECONDS = 3600;
/** Requests are small, and there are no limits but that of the memory: it runs once. */
const RESOURCES = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } };

/** `<name>-<run>`: each passing of a gate has a job of its own. */
export function jobName({ name }: Job, { run }: CheckTarget): string {
  return `${name}-${run}`;
}

/** A Job that runs once and fits the restricted Pod Security profile. */
export function jobManifest(inputs: Job, target: CheckTarget): object {
  const labels = {
    "app.kubernetes.io/name": inputs.name,
    "app.kubernetes.io/part-of": target.app,
    "app.kubernetes.io/managed-by": "pulumi-delivery",
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: jobName(inputs, target), namespace: target.namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: inputs.deadlineSeconds ?? DEFAULT_SMOKE_DEADLINE_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: { metadata: { labels }, spec: podSpec(inputs) },
    },
  };
}

function podSpec({ name, image, command, args, env = {}, serviceAccount }: Job): object {
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: serviceAccount !== undefined,
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name,
        image,
        ...(command === undefined ? {} : { command }),
        ...(args === undefined ? {} : { args }),
        env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
        resources: RESOURCES,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        terminationMessagePolicy: "FallbackToLogsOnError",
      },
    ],
  };
}

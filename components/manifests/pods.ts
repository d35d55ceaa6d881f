import { fieldsAt, fieldsOf, listOf } from "./fields";
import type { Fields } from "./fields";
import { groupOf } from "./manifest";
import type { Manifest } from "./manifest";

/** The pods that an object makes. */
export interface PodTemplate {
  /** Where the pod's spec stands in the object. */
  readonly at: string;
  readonly labels: Fields;
  readonly spec: Fields;
}

export const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  "/Pod": [],
  "/ReplicationController": ["spec", "template"],
  "apps/Deployment": ["spec", "template"],
  "apps/StatefulSet": ["spec", "template"],
  "apps/DaemonSet": ["spec", "template"],
  "apps/ReplicaSet": ["spec", "template"],
  "batch/Job": ["spec", "template"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
};

/** The pods of a built-in kind; undefined for an object that makes none. */
export function podTemplateOf(manifest: Manifest): PodTemplate | undefined {
  const key = `${groupOf(manifest)}/${manifest.kind}`;
  const path = Object.hasOwn(TEMPLATES, key) ? TEMPLATES[key] : undefined;
  if (path === undefined) return undefined;
  const template = fieldsAt(manifest, ...path);
  return {
    at: [...path, "spec"].join("."),
    labels: fieldsAt(template, "metadata", "labels"),
    spec: fieldsOf(template.spec),
  };
}

/** One container of a pod, and where it stands. */
export interface Container {
  readonly at: string;
  readonly fields: Fields;
}

export function containersOf({ at, spec }: PodTemplate): Container[] {
  return CONTAINER_LISTS.flatMap((list) =>
    listOf(spec[list]).map((fields, index) => ({ at: `${at}.${list}[${index}]`, fields })),
  );
}

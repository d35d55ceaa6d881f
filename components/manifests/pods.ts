import { fieldsAt, fieldsOf, listOf } from "./fields";
import type { Fields } from "./fields";
import type { Manifest } from "./manifest";

/** The pods that an object makes. */
export interface PodTemplate {
  /** Where the pod's spec stands in the object. */
  readonly at: string;
  readonly labels: Fields;
  readonly spec: Fields;
}

const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  ReplicationController: ["spec", "template"],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/**
 * The pods of a workload; undefined for an object that makes none. The kind alone tells, so that a version that is gone
 * and a look-alike are held to the same rules.
 */
export function podTemplateOf(manifest: Manifest): PodTemplate | undefined {
  const { kind } = manifest;
  const path = Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;
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

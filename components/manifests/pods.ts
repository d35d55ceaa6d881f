import { fieldsAt, fieldsOf } from "./fields";
import type { Fields } from "./fields";
import { isLate, isLateAt } from "./late";
import type { Manifest } from "./manifest";

/** The pods that an object makes. */
export interface PodTemplate {
  /** Where the pod's spec stands in the object. */
  readonly at: string;
  readonly labels: Fields;
  readonly spec: Fields;
  /** Whether the labels, or all of them, are known only later. */
  readonly isLabelledLate: boolean;
  /** Whether the whole spec is known only later. */
  readonly isSpecLate: boolean;
}

/** Where the containers of a pod stand. */
export const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;

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
  const path = templatePathOf(manifest);
  if (path === undefined) return undefined;
  const template = fieldsAt(manifest, ...path);
  const isLabelledLate = isLateAt(manifest, [...path, "metadata", "labels"]);
  return {
    isLabelledLate,
    isSpecLate: isLateAt(manifest, [...path, "spec"]),
    at: [...path, "spec"].join("."),
    labels: fieldsAt(template, "metadata", "labels"),
    spec: fieldsOf(template.spec),
  };
}

/** Where the pod template stands in an object of its kind; undefined when its kind makes no pods. */
export function templatePathOf({ kind }: Pick<Manifest, "kind">): readonly string[] | undefined {
  return Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;
}

/** One container of a pod, and where it stands. */
export interface Container {
  readonly at: string;
  readonly fields: Fields;
}

/** Every container of a pod but those that are known only later as a whole. */
export function containersOf({ at, spec }: PodTemplate): Container[] {
  return CONTAINER_LISTS.flatMap((list) =>
    itemsOf(spec[list]).flatMap((item, index) =>
      isLate(item) ? [] : [{ at: `${at}.${list}[${index}]`, fields: fieldsOf(item) }],
    ),
  );
}

const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

import type { Manifest } from "./manifest";

/** One `image` field of a pod template: where it stands and what it says, which may be a `pulumi.Output`. */
export interface ImageField {
  readonly path: string;
  /** Name of the container; empty when it has none. */
  readonly container: string;
  readonly image: unknown;
}

const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;

/** Where the pod template of each built-in workload stands. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** Every image that an object's pods would run; empty for an object without pods. */
export function imagesOf(manifest: Manifest): ImageField[] {
  if (!Object.hasOwn(POD_SPECS, manifest.kind)) return [];
  const path = POD_SPECS[manifest.kind] ?? [];
  const spec = path.reduce<unknown>(field, manifest);
  return CONTAINER_LISTS.flatMap((list) => {
    const containers = field(spec, list);
    if (!Array.isArray(containers)) return [];
    const at = [...path, list].join(".");
    return containers.map((container, index) => ({
      path: `${at}[${index}].image`,
      container: String(field(container, "name") ?? ""),
      image: field(container, "image"),
    }));
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

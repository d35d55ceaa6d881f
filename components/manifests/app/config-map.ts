import { createHash } from "node:crypto";
import { canonicalJson } from "../canonical";
import type { Manifest } from "../manifest";
import type { Pod } from "./pod-args";
import { objectLabels } from "./labels";

/** Annotation of the pod template that changes with the settings. */
export const CONFIG_HASH_ANNOTATION = "pulumi-delivery/config-hash";

/** Whether the service has settings, and so a ConfigMap. */
export function hasConfig({ config }: Pick<Pod, "config">): boolean {
  return Object.keys(config).length > 0;
}

/** Name of the ConfigMap with the service's settings. */
export function configMapName({ name }: Pick<Pod, "name">): string {
  return `${name}-config`;
}

export function configMapManifest(app: Pod): Manifest {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: configMapName(app), labels: objectLabels(app) },
    data: { ...app.config },
  };
}

const HASH_LENGTH = 16;

/** Changes when a setting does. On the pod template it rolls the pods, as a changed ConfigMap alone does not. */
export function configHash({ config }: Pick<Pod, "config">): string {
  return createHash("sha256").update(canonicalJson(config)).digest("hex").slice(0, HASH_LENGTH);
}

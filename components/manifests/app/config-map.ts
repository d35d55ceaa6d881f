import { createHash } from "node:crypto";
import { canonicalJson } from "../canonical";
import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels } from "./labels";

/** Whether the service has settings, and so a ConfigMap. */
export function hasConfig({ config }: Pick<App, "config">): boolean {
  return Object.keys(config).length > 0;
}

/** Name of the ConfigMap with the service's settings. */
export function configMapName({ name }: Pick<App, "name">): string {
  return `${name}-config`;
}

export function configMapManifest(app: App): Manifest {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: configMapName(app), labels: objectLabels(app) },
    data: { ...app.config },
  };
}

const HASH_LENGTH = 16;

/** Changes when a setting does. On the pod template it rolls the pods, as a changed ConfigMap alone does not. */
export function configHash({ config }: Pick<App, "config">): string {
  return createHash("sha256").update(canonicalJson(config)).digest("hex").slice(0, HASH_LENGTH);
}

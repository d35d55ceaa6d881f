import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import type { EnvironmentName, Service } from "./services.ts";

interface Named {
  readonly metadata: { readonly name: string; readonly labels?: object; readonly namespace?: string };
}

const MANAGED = { "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "pulumi-delivery" };

/**
 * Lays out a base with a file for each service and an overlay that places, labels and pins it: what kustomize does for
 * its users. Returns the overlay's folder.
 */
export function writeOverlay(
  folder: string,
  environment: EnvironmentName,
  content: { readonly services: readonly Service[]; readonly objects: readonly object[] },
): string {
  const [base, overlay] = [join(folder, "base"), join(folder, environment)];
  for (const path of [base, overlay]) mkdirSync(path, { recursive: true });
  for (const { name, repository, digest } of content.services) {
    const own = content.objects.filter((object) => isOf(object as Named, name)).map(bare);
    const text = own.map((object) => dump(object)).join("---\n");
    writeFileSync(join(base, `${name}.yaml`), text.replace(`${repository}@${digest}`, repository));
  }
  write(base, { resources: content.services.map(({ name }) => `${name}.yaml`) });
  write(overlay, {
    resources: ["../base"],
    namespace: "shop",
    labels: [{ pairs: MANAGED }],
    images: content.services.map(({ repository, digest }) => ({ name: repository, digest })),
  });
  return overlay;
}

const isOf = ({ metadata }: Named, name: string): boolean =>
  metadata.name === name || metadata.name === `${name}-config`;

/** Without what the overlay adds. */
function bare(object: object): object {
  const { metadata, ...rest } = object as Named;
  const kept = Object.entries(metadata.labels ?? {}).filter(([key]) => !Object.hasOwn(MANAGED, key));
  return { ...rest, metadata: { name: metadata.name, labels: Object.fromEntries(kept) as object } };
}

function write(folder: string, content: object): void {
  const head = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
  writeFileSync(join(folder, "kustomization.yaml"), dump({ ...head, ...content }));
}

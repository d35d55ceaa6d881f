import type * as pulumi from "@pulumi/pulumi";
import { MANAGED_BY } from "../manifests";
import type { Manifest } from "../manifests";
import { recordName } from "../manifests/placement";

export { recordName };

/** What the record says; values may be known only later. */
export interface RecordArgs {
  readonly app: string;
  readonly namespace: string;
  readonly release: pulumi.Input<string>;
  /** Absent when no pipeline made the release. */
  readonly commit?: pulumi.Input<string>;
  readonly images: Readonly<Record<string, pulumi.Input<string>>>;
  readonly contentHash: pulumi.Input<string>;
}

/** The last object of a render: which release the cluster runs, readable with `kubectl` alone. */
export function recordManifest({
  app,
  namespace,
  release,
  commit,
  images,
  contentHash,
}: RecordArgs): Manifest {
  const labels = { "app.kubernetes.io/part-of": app, "app.kubernetes.io/managed-by": MANAGED_BY };
  const refs = Object.entries(images).map(([name, ref]) => [`image.${name}`, ref]);
  const from = commit === undefined ? {} : { commit };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: recordName(app), namespace, labels },
    data: { release, ...from, contentHash, ...Object.fromEntries(refs) },
  };
}

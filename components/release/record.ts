import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { MANAGED_BY, canonicalJson } from "../manifests";
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
  /** See {@link settingsHash}. */
  readonly settings?: string | undefined;
}

/** Hex digits of the hash of an environment's settings. */
const SETTINGS_HASH_LENGTH = 16;

/**
 * Hash of an environment's `delivery:config`; undefined when it has none. By it the record tells with which settings
 * its release was rendered: with others the same release is another list.
 */
export function settingsHash(settings: unknown): string | undefined {
  if (settings === undefined || canonicalJson(settings) === "{}") return undefined;
  return createHash("sha256").update(canonicalJson(settings)).digest("hex").slice(0, SETTINGS_HASH_LENGTH);
}

/** The last object of a render: which release the cluster runs, readable with `kubectl` alone. */
export function recordManifest({
  app,
  namespace,
  release,
  commit,
  images,
  contentHash,
  settings,
}: RecordArgs): Manifest {
  const labels = { "app.kubernetes.io/part-of": app, "app.kubernetes.io/managed-by": MANAGED_BY };
  const refs = Object.entries(images).map(([name, ref]) => [`image.${name}`, ref]);
  const from = Object.entries({ commit, settings }).filter(([, value]) => value !== undefined);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: recordName(app), namespace, labels },
    data: { release, ...Object.fromEntries(from), contentHash, ...Object.fromEntries(refs) },
  };
}

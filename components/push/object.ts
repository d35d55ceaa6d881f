import * as pulumi from "@pulumi/pulumi";
import { kubernetesVersion } from "../clusters";
import { groupOf, objectKey } from "../manifests";
import type { Manifest } from "../manifests";
import { FIELD_MANAGER } from "./field-manager";

/** Sets the field manager of server-side apply. Source: Pulumi, "Kubernetes: Server-Side Apply". */
const FIELD_MANAGER_ANNOTATION = "pulumi.com/patchFieldManager";

/** One object in one cluster, of the resource type that `@pulumi/kubernetes` has for it. */
export class KubernetesObject extends pulumi.CustomResource {
  /** Entries of a ConfigMap or a Secret, as they were applied; none of an object that was left out of this run. */
  declare public readonly data: pulumi.Output<Readonly<Record<string, string>> | undefined>;

  constructor(name: string, manifest: Manifest, opts: pulumi.CustomResourceOptions) {
    super(typeOf(manifest), name, { ...manifest }, { ...opts, version: kubernetesVersion() });
  }
}

/** `kubernetes:apps/v1:Deployment`, `kubernetes:core/v1:ConfigMap`, `kubernetes:example.com/v1:Widget`. */
function typeOf(manifest: Manifest): string {
  const { apiVersion, kind } = manifest;
  return `kubernetes:${groupOf(manifest) === "" ? `core/${apiVersion}` : apiVersion}:${kind}`;
}

/**
 * Puts one object in the preview. Its name has application, cluster, group, kind, namespace and name, but neither
 * the version nor the wave: a change of those leaves the object in place.
 */
export function createObject(
  scope: string,
  manifest: Manifest,
  opts: pulumi.CustomResourceOptions,
): KubernetesObject {
  const name = `${scope}/${objectKey(manifest)}`;
  if (manifest.kind !== "Secret" || groupOf(manifest) !== "") {
    return new KubernetesObject(name, managed(manifest), opts);
  }
  return new KubernetesObject(name, managed(sealed(manifest)), {
    ...opts,
    additionalSecretOutputs: SECRET_FIELDS,
  });
}

const SECRET_FIELDS = ["data", "stringData"];

/** A Secret whose entries are encrypted in the state and hidden in every display, as the SDK's own class has it. */
function sealed(manifest: Manifest): Manifest {
  const fields = SECRET_FIELDS.filter((field) => manifest[field] !== undefined);
  return {
    ...manifest,
    ...Object.fromEntries(fields.map((field) => [field, pulumi.secret(manifest[field])])),
  };
}

function managed(manifest: Manifest): Manifest {
  const { metadata } = manifest;
  const annotations = { ...metadata.annotations, [FIELD_MANAGER_ANNOTATION]: FIELD_MANAGER };
  return { ...manifest, metadata: { ...metadata, annotations } };
}

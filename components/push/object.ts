import * as pulumi from "@pulumi/pulumi";
import { kubernetesVersion } from "../clusters";
import { groupOf, objectKey } from "../manifests";
import type { Manifest } from "../manifests";
import { siblingVersions } from "../manifests/schema";
import { fromProgramLine } from "../program-line";
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
function typeOf(manifest: Pick<Manifest, "apiVersion" | "kind">): string {
  const { apiVersion, kind } = manifest;
  return `kubernetes:${groupOf(manifest) === "" ? `core/${apiVersion}` : apiVersion}:${kind}`;
}

/** The types that it may have in the state: with another version of its API it is the same object. */
export function versionAliases({ apiVersion, kind }: Manifest, told?: Manifest): pulumi.Alias[] {
  const versions = new Set(siblingVersions({ apiVersion, kind }));
  if (told !== undefined && told.apiVersion !== apiVersion) versions.add(told.apiVersion);
  return [...versions].map((version) => ({ type: typeOf({ apiVersion: version, kind }) }));
}

/**
 * Puts one object in the preview. Its name has application, cluster, group, kind, namespace and name, but neither
 * the version nor the wave: a change of those leaves the object in place.
 */
export function createObject(
  scope: string,
  manifest: Manifest,
  given: pulumi.CustomResourceOptions,
): KubernetesObject {
  const name = `${scope}/${objectKey(manifest)}`;
  const aliases = given.aliases ?? versionAliases(manifest);
  const opts = aliases.length === 0 ? given : { ...given, aliases };
  if (manifest.kind !== "Secret" || groupOf(manifest) !== "") {
    return fromProgramLine(() => new KubernetesObject(name, managed(manifest), opts));
  }
  const secret = { ...opts, additionalSecretOutputs: SECRET_FIELDS };
  return fromProgramLine(() => new KubernetesObject(name, managed(sealed(manifest)), secret));
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

import { groupOf } from "../manifest";
import type { Manifest } from "../manifest";
import { isDnsLabel, isDnsSubdomain, shown } from "../names";
import { titleOf } from "../origin";
import { checkBuiltIn, checkCustom, checkServed, customSchemas, DEFAULT_KUBERNETES_VERSION } from "../schema";
import type { CustomSchemas, KubernetesVersion } from "../schema";
import { checkData } from "../yaml";
import { checkPodSecurity } from "./pod-security";
import { checkSelectors } from "./selectors";
import { checkSizes } from "./size";

/** Most objects in one render. */
export const MAX_OBJECTS = 20_000;

/** What {@link checkObjects} is told. */
export interface ObjectCheckOptions {
  /**
   * The Kubernetes version of the clusters.
   * @default {@link DEFAULT_KUBERNETES_VERSION}
   */
  readonly kubernetesVersion?: KubernetesVersion;
}

/**
 * Problems of the objects themselves, before anything is sent, each naming object, origin and field: schema of
 * built-in kinds and of the custom ones that the list defines, API versions that are gone, sizes, nesting, selectors,
 * ports, and pods that the restricted Pod Security profile does not let in. It needs objects whose form is sound:
 * call it on what `checkManifests` found no problem in.
 */
export function checkObjects(manifests: readonly Manifest[], options: ObjectCheckOptions = {}): string[] {
  if (manifests.length > MAX_OBJECTS) {
    return [
      `manifests returned ${manifests.length} objects; ${MAX_OBJECTS} is the most, split the application`,
    ];
  }
  const version = options.kubernetesVersion ?? DEFAULT_KUBERNETES_VERSION;
  const schemas = customSchemas(manifests);
  const readable = manifests.map((manifest) => checkData(titleOf(manifest), manifest, true));
  const plain = manifests.filter((_, index) => readable[index]?.length === 0);
  return [
    ...readable.flat(),
    ...plain.flatMap((manifest) => checkObject(manifest, version, schemas)),
    ...checkSelectors(plain),
    ...checkPodSecurity(plain),
  ];
}

function checkObject(manifest: Manifest, version: KubernetesVersion, schemas: CustomSchemas): string[] {
  const title = titleOf(manifest);
  return [
    ...checkType(title, manifest),
    ...checkServed(title, manifest, version),
    ...checkBuiltIn(title, manifest),
    ...checkCustom(title, manifest, schemas),
    ...checkSizes(title, manifest),
  ];
}

/** A group and a kind become parts of paths and of names. */
function checkType(title: string, manifest: Manifest): string[] {
  const { apiVersion, kind } = manifest;
  const group = groupOf(manifest);
  const version = group === "" ? apiVersion : apiVersion.slice(group.length + 1);
  const isSound =
    (group === "" || isDnsSubdomain(group)) && isDnsLabel(version) && !apiVersion.startsWith("/");
  return [
    ...(isSound ? [] : [`${title}: apiVersion is ${shown(apiVersion)}; give [group/]version, as apps/v1`]),
    ...(/^[A-Za-z][A-Za-z0-9]{0,62}$/.test(kind)
      ? []
      : [`${title}: kind is ${shown(kind)}; give letters and digits`]),
  ];
}

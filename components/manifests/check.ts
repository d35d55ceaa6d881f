import { imagesOf } from "./images";
import { checkAnnotations, checkLabels } from "./labels";
import { isLate, leafPaths } from "./late";
import { groupOf, objectKey, objectTitle } from "./manifest";
import type { Manifest } from "./manifest";
import { checkDnsSubdomain, shown } from "./names";
import { originOf, titleOf } from "./origin";
import { placed, recordName } from "./placement";
import type { Placement } from "./placement";
import { hasNoNamespace, isClusterScoped } from "./scope";
import { isDeeper, tooDeep } from "./yaml/depth";
import { MAX_DEPTH } from "./yaml/limits";

const PINNED = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

/**
 * What a list is checked for: `all` that is known, or `sink`, only what no sink may get. The second one is for a list
 * that was checked when it was made: a rule that came later must not stand in the way back.
 */
export type CheckLevel = "all" | "sink";

/**
 * Problems of a rendered list, each naming the object and the field. The list may be empty: that is one, too.
 *
 * @param level `sink` looks at form, names (they become paths), scope and duplicates only.
 */
export function checkManifests(
  manifests: readonly Manifest[],
  placement: Placement,
  level: CheckLevel = "all",
): string[] {
  if (!Array.isArray(manifests))
    return [`manifests returned ${shown(manifests)}, not a list; return the objects in a list`];
  if (manifests.length === 0) {
    return ["manifests returned no object; an empty render would delete all that runs, so it is refused"];
  }
  const forms = manifests.map(checkForm);
  const sound = [...manifests.entries()].filter(([index]) => forms[index]?.length === 0);
  return [
    ...forms.flat(),
    ...sound.flatMap(([, manifest]) => [
      ...checkScope(manifest, placement),
      ...(level === "all" ? checkContent(manifest) : []),
    ]),
    ...checkDuplicates(sound, placement),
  ];
}

/** The objects of a list whose form is sound; {@link checkManifests} says what the others lack. */
export function soundManifests(manifests: readonly Manifest[]): readonly Manifest[] {
  if (!Array.isArray(manifests)) return [];
  return manifests.filter((manifest, index) => checkForm(manifest, index).length === 0);
}

function checkForm(manifest: Manifest, index: number): string[] {
  const at = `manifests[${index}]`;
  if (typeof manifest !== "object" || manifest === null)
    return [`${at} is ${shown(manifest)}, not an object`];
  const problems = ["apiVersion", "kind"].filter(
    (field) => typeof manifest[field] !== "string" || manifest[field] === "",
  );
  const missing = problems.map((field) => `${at}.${field} is missing; every Kubernetes object has one`);
  if (typeof manifest.metadata !== "object" || manifest.metadata === null) {
    return [...missing, `${at}.metadata is missing; every object needs a metadata.name`];
  }
  if ("generateName" in manifest.metadata) {
    return [...missing, `${at}.metadata.generateName makes another name each time; give a metadata.name`];
  }
  if (missing.length > 0) return missing;
  // All that looks at an object from here on goes as deep as the object is.
  if (isDeeper(manifest, MAX_DEPTH)) return [`${titleOf(manifest)}: ${tooDeep(MAX_DEPTH)}`];
  return checkName(`${at}.metadata.name`, manifest);
}

const RBAC = "rbac.authorization.k8s.io";

/** Names of roles and their bindings may be anything that a path may have. Source: Kubernetes, "Using RBAC". */
function checkName(field: string, manifest: Manifest): string[] {
  const { name } = manifest.metadata;
  if (groupOf(manifest) !== RBAC) return checkDnsSubdomain(field, name);
  if (typeof name === "string" && !["", ".", ".."].includes(name) && !/[/%]/.test(name)) return [];
  return [`${field} is ${shown(name)}; give a name without "/" and "%"`];
}

function checkContent(manifest: Manifest): string[] {
  const title = titleOf(manifest);
  const { labels, annotations } = manifest.metadata;
  return [
    ...checkImages(manifest),
    ...checkTexts(title, manifest),
    ...checkLabels(`${title}: metadata.labels`, labels),
    ...checkAnnotations(`${title}: metadata.annotations`, annotations),
  ];
}

function checkScope(manifest: Manifest, { namespace, clusterScope }: Placement): string[] {
  const title = titleOf(manifest);
  if (manifest.kind === "Namespace" && manifest.apiVersion === "v1") {
    return [
      `${title} is among the manifests; namespaces are made beside them: remove it and set "namespace"`,
    ];
  }
  if (isClusterScoped(manifest)) {
    if (clusterScope.includes(manifest.kind)) return [];
    return [
      `${title} belongs to the whole cluster; allow it with clusterScope: [${shown(manifest.kind)}] or remove it`,
    ];
  }
  const own = manifest.metadata.namespace ?? namespace;
  return own === namespace || hasNoNamespace(manifest, clusterScope)
    ? []
    : [
        `${title} is outside the namespace ${shown(namespace)} of this delivery; leave metadata.namespace out`,
      ];
}

function checkImages(manifest: Manifest): string[] {
  return imagesOf(manifest)
    .filter(({ image }) => !isLate(image) && !(typeof image === "string" && PINNED.test(image)))
    .map(({ path, image }) => {
      const fix = "name it as repository@sha256:…, a tag can move between build and deployment";
      return `${titleOf(manifest)}: ${path} is ${shown(image)}; ${fix}`;
    });
}

/** What JavaScript makes of an `Output` inside a text. Source: Pulumi, "Inputs and outputs". */
const TEXT_OF_OUTPUT = /Calling \[to(String|JSON)\] on an \[Output/;

function checkTexts(title: string, manifest: Manifest): string[] {
  const paths = leafPaths(manifest, (leaf) => typeof leaf === "string" && TEXT_OF_OUTPUT.test(leaf));
  const fix = "build the text with pulumi.interpolate";
  return paths.map(
    (path) => `${title}: ${path} is a text with an Output in it, which is not known yet; ${fix}`,
  );
}

/** Two objects are one to the cluster, or one is the record, once each is where it goes. */
function checkDuplicates(
  manifests: readonly (readonly [number, Manifest])[],
  placement: Placement,
): string[] {
  const name = recordName(placement.app);
  const record = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: placement.namespace } };
  const seen = new Map<string, string>([[objectKey(record), "the record of the release"]]);
  return manifests.flatMap(([index, manifest]) => {
    const key = objectKey(placed(manifest, placement));
    const first = seen.get(key);
    const place = originOf(manifest) ?? `manifests[${index}]`;
    seen.set(key, first ?? place);
    if (first === undefined) return [];
    const fix = "keep one, or give it another name";
    return [`${objectTitle(manifest)} is declared twice: ${first} and ${place}; ${fix}`];
  });
}

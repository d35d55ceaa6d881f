import type * as pulumi from "@pulumi/pulumi";
import { DEFAULT_DEADLINE_SECONDS, isOncePerEnvironment, migrationOf, objectKey } from "../manifests";
import type { Manifest } from "../manifests";
import { fieldsOf } from "../manifests/fields";

/** Makes the plugin replace a Job that has failed, when it is applied again. Source: Pulumi, "Kubernetes: Annotations". */
const REPLACE_UNREADY_ANNOTATION = "pulumi.com/replaceUnready";

/** How long the plugin waits for an object, in seconds. Source: the same page. */
const TIMEOUT_ANNOTATION = "pulumi.com/timeoutSeconds";
/** How long after its deadline a Job has to say that it has failed, in seconds. */
const DEADLINE_NOTICE_SECONDS = 60;

/**
 * The object. A migration is waited for as long as it may take, and one that has failed is run anew by the next update,
 * and not waited for once more.
 */
export function retried(manifest: Manifest): Manifest {
  if (manifest.kind !== "Job" || migrationOf(manifest) === undefined) return manifest;
  const { metadata } = manifest;
  const deadline = Number(fieldsOf(manifest.spec).activeDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS);
  const annotations = {
    [TIMEOUT_ANNOTATION]: `${deadline + DEADLINE_NOTICE_SECONDS}`,
    ...metadata.annotations,
    [REPLACE_UNREADY_ANNOTATION]: "true",
  };
  return { ...manifest, metadata: { ...metadata, annotations } };
}

/** The lists of an environment's clusters, in their order; what is to run once is in the first list that has it. */
export function sharedOnce(lists: readonly (readonly Manifest[])[]): readonly (readonly Manifest[])[] {
  const taken = new Set<string>();
  return lists.map((list) => {
    const shared = list.filter(isOncePerEnvironment);
    const left = shared.filter((manifest) => taken.has(objectKey(manifest)));
    for (const manifest of shared) taken.add(objectKey(manifest));
    return left.length === 0 ? list : list.filter((manifest) => !left.includes(manifest));
  });
}

/** The migrations of a cluster that it runs for all others, which wait for them. */
export function sharedRuns(objects: ReadonlyMap<Manifest, pulumi.Resource>): pulumi.Resource[] {
  return [...objects].filter(([manifest]) => isOncePerEnvironment(manifest)).map(([, object]) => object);
}

import { checkManifests, soundManifests } from "./check";
import type { CheckLevel } from "./check";
import { checkKnown, checkObjects, checkPlainSecrets, checkSubstitution } from "./checks";
import type { Manifest } from "./manifest";
import type { Placement } from "./placement";
import type { KubernetesVersion } from "./schema";

/** Where a list goes, and so what it is checked for. */
export interface ListPlace extends Placement {
  /**
   * The Kubernetes version of the clusters, as "1.36".
   * @default {@link DEFAULT_KUBERNETES_VERSION}
   */
  readonly kubernetesVersion?: KubernetesVersion | undefined;
  /** Whether it goes to Git, for all to read who can read the repository. @default false */
  readonly published?: boolean;
  /** Whether Secrets are encrypted or taken out before it gets there. @default false */
  readonly secretsKept?: boolean;
  /** Whether values may be known only later. A list that has to be the same bytes each time cannot have any. @default true */
  readonly lateAllowed?: boolean;
  /** @default "all" */
  readonly checks?: CheckLevel;
}

/**
 * Every problem of a list at once: form, names, scope, digests, labels and duplicates (`checkManifests`), schema,
 * sizes, selectors, ports and Pod Security (`checkObjects`), and what may not go to Git. A list that was checked when
 * it was made (`checks: "sink"`) is looked at for what protects the sink only.
 */
export function checkList(manifests: readonly Manifest[], place: ListPlace): string[] {
  const { checks = "all", kubernetesVersion, published = false, lateAllowed = true } = place;
  const isPlain = published && place.secretsKept !== true;
  const sound = soundManifests(manifests);
  const options = kubernetesVersion === undefined ? {} : { kubernetesVersion };
  const problems = [
    ...checkManifests(manifests, place, checks),
    ...(checks === "all" ? checkObjects(sound, options) : []),
    ...(lateAllowed ? [] : checkKnown(sound)),
    ...(isPlain ? checkPlainSecrets(sound) : []),
    ...(published && checks === "all" ? checkSubstitution(sound) : []),
  ];
  return [...new Set(problems)];
}

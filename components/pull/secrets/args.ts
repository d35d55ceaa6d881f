import { shown } from "../../manifests";
import { AGE_PACKAGE, hasAge } from "./age";

/**
 * What becomes of Secrets that are among the manifests; none is ever published to be read.
 *
 * - `refuse`: there may be none. What an ExternalSecret makes in the cluster, or the program beside the delivery, is
 *   referred to by name.
 * - `sops`: they are published encrypted with SOPS, for a key of age that is made for this stack. It needs the package
 *   `age-encryption`.
 * - `direct`: they are applied by `pulumi up`, before the agents are told of the release, and not published.
 */
export type PullSecrets = "refuse" | "sops" | "direct";
/** Secrets among the manifests are refused: what becomes of them has to be said. */
export const DEFAULT_PULL_SECRETS: PullSecrets = "refuse";

const CHOICES: readonly PullSecrets[] = ["refuse", "sops", "direct"];

/** Problems of the choice, and that what it needs is not installed. */
export function checkPullSecrets(secrets: PullSecrets): string[] {
  if (!CHOICES.includes(secrets)) {
    return [`secrets is ${shown(secrets)}; give one of ${CHOICES.map(shown).join(", ")}`];
  }
  if (secrets !== "sops" || hasAge()) return [];
  return [
    `secrets: "sops" needs the package ${AGE_PACKAGE}, which is not installed; run "npm install ${AGE_PACKAGE}"`,
  ];
}

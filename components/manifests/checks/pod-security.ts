import type { Manifest } from "../manifest";
import { titleOf } from "../origin";
import { podTemplateOf } from "../pods";
import { podSecurityFindings } from "./pod-security-rules";
import type { Finding } from "./pod-security-rules";

/**
 * Annotation of an object whose pods may break the restricted profile; its value says why. It stands in the object,
 * so that whoever reads the cluster or the ledger sees it. `app()` sets it by `podSecurityException`.
 */
export const POD_SECURITY_EXCEPTION = "pulumi-delivery/pod-security-exception";

/** The profiles of the Pod Security Standards, the strictest first. */
export type PodSecurityLevel = "restricted" | "baseline" | "privileged";

/** Problems of pods that the restricted profile does not let in and that no exception names. */
export function checkPodSecurity(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) => {
    const findings = findingsOf(manifest);
    const why = manifest.metadata.annotations?.[POD_SECURITY_EXCEPTION];
    const title = titleOf(manifest);
    if (why === undefined) {
      const fix = `or say why not in the annotation ${POD_SECURITY_EXCEPTION}`;
      return findings.map(({ sentence }) => `${title}: ${sentence}, ${fix}`);
    }
    if (typeof why !== "string" || why.trim() === "") {
      return [`${title}: the annotation ${POD_SECURITY_EXCEPTION} is empty; say why the pods need it`];
    }
    return findings.length > 0
      ? []
      : [`${title}: the annotation ${POD_SECURITY_EXCEPTION} is not needed; remove it`];
  });
}

/** The strictest profile that lets in every pod of the list: what their namespace can enforce. */
export function podSecurityLevel(manifests: readonly Manifest[]): PodSecurityLevel {
  const findings = manifests.flatMap(findingsOf);
  if (findings.length === 0) return "restricted";
  return findings.some(({ breaks }) => breaks === "baseline") ? "privileged" : "baseline";
}

function findingsOf(manifest: Manifest): Finding[] {
  const template = podTemplateOf(manifest);
  return template === undefined ? [] : podSecurityFindings(template);
}

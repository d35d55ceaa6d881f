import { isLate, leafPaths } from "../late";
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
  if (template === undefined || template.isSpecLate) return [];
  const late = leafPaths(template.spec, isLate, template.at).flatMap((path) => reachOf(path, template.at));
  return podSecurityFindings(template).filter(
    ({ sentence }) => !late.some((path) => isAbout(sentence, path)),
  );
}

/** What of the container is not known either when that of the pod is known only later. */
const FROM_POD = ["runAsNonRoot", "seccompProfile"];

/** The paths that a late value may be the reason for: its own, and those of containers that take it over. */
function reachOf(path: string, at: string): readonly string[] {
  const ofPod = `${at}.securityContext`;
  const taken = FROM_POD.filter((field) => path === ofPod || path === `${ofPod}.${field}`);
  return [path, ...taken.map((field) => `*.securityContext.${field}`)];
}

/** Whether a sentence, which begins with a path, is about this one or what is in it. */
function isAbout(sentence: string, path: string): boolean {
  const [subject = ""] = sentence.split(" ");
  if (path.startsWith("*")) return subject.endsWith(path.slice(1));
  return subject === path || subject.startsWith(`${path}.`) || subject.startsWith(`${path}[`);
}

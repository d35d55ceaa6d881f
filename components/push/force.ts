import { shown } from "../manifests";
import type { Manifest } from "../manifests";

/**
 * Objects whose fields are taken from whoever else has set them: a kind, or one object of it, as `"Deployment"` or
 * `"Deployment/web"`.
 */
export type ForceRule = string;

/** Makes the plugin's server-side apply win a conflict. Source: Pulumi, "Kubernetes: Server-Side Apply". */
const FORCE_ANNOTATION = "pulumi.com/patchForce";

const RULE = /^[A-Za-z][A-Za-z0-9]*(\/[^/\s]+)?$/;

/** The object, with its fields taken from others when a rule says so. */
export function forced(manifest: Manifest, rules: readonly ForceRule[]): Manifest {
  const { metadata } = manifest;
  if (!rules.some((rule) => fits(rule, manifest))) return manifest;
  const annotations = { ...metadata.annotations, [FORCE_ANNOTATION]: "true" };
  return { ...manifest, metadata: { ...metadata, annotations } };
}

function fits(rule: ForceRule, { kind, metadata }: Manifest): boolean {
  return rule === kind || rule === `${kind}/${metadata.name}`;
}

/** Problems of the rules' form. */
export function checkForce(rules: readonly ForceRule[]): string[] {
  return rules
    .filter((rule) => typeof rule !== "string" || !RULE.test(rule))
    .map((rule) => `force has ${shown(rule)}; give a kind or one object of it, as "Deployment/web"`);
}

/** A rule that fits nothing is a slip of the pen: what it was meant for would go on to fail. */
export function checkForceFits(rules: readonly ForceRule[], objects: readonly Manifest[]): string[] {
  return rules
    .filter((rule) => !objects.some((object) => fits(rule, object)))
    .map((rule) => `force has ${shown(rule)}, which is none of the objects; correct or remove it`);
}

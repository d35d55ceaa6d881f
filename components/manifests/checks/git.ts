import { fieldsOf } from "../fields";
import { isLate, leafPaths } from "../late";
import { groupOf } from "../manifest";
import type { Manifest } from "../manifest";
import { titleOf } from "../origin";

/** How many fields of one object a message names. */
const MAX_NAMED = 10;

/**
 * Problems of objects on their way to Git, beside those of every render: values of a Secret in plain sight, values
 * known only later (a secret may be among them), and `${`, which Flux replaces where somebody turns its substitution
 * on. A Secret that SOPS has encrypted passes. No message has a value.
 */
export function checkForGit(manifests: readonly Manifest[]): string[] {
  return [...checkPlainSecrets(manifests), ...checkSubstitution(manifests), ...checkKnown(manifests)];
}

/** Problems of values that are known only later: the same release would not be the same bytes each time. */
export function checkKnown(manifests: readonly Manifest[]): string[] {
  const sentence =
    "is known only later; give a plain value, or refer to a Secret that is made beside the list";
  return manifests.flatMap((manifest) => named(manifest, isLate, sentence));
}

/** Problems of texts that an agent may take for a variable of its own. */
export function checkSubstitution(manifests: readonly Manifest[]): string[] {
  const sentence = 'has "${", which an agent may replace; write it in another way, as $NAME';
  return manifests.flatMap((manifest) => named(manifest, hasSubstitution, sentence));
}

function named(manifest: Manifest, isWanted: (leaf: unknown) => boolean, sentence: string): string[] {
  const paths = leafPaths(manifest, isWanted).slice(0, MAX_NAMED);
  return paths.map((path) => `${titleOf(manifest)}: ${path} ${sentence}`);
}

function hasSubstitution(leaf: unknown): boolean {
  return typeof leaf === "string" && leaf.includes("${");
}

/** Problems of Secrets whose values would stand in Git. */
export function checkPlainSecrets(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap(checkSecret);
}

function checkSecret(manifest: Manifest): string[] {
  if (manifest.kind !== "Secret" || groupOf(manifest) !== "") return [];
  const isEncrypted = Object.keys(fieldsOf(manifest.sops)).length > 0;
  const isPlain = (value: unknown): boolean =>
    !(isEncrypted && typeof value === "string" && value.startsWith("ENC["));
  const fix = "encrypt it with SOPS, use an ExternalSecret, or let the program make it beside the list";
  return ["data", "stringData"].flatMap((part) =>
    Object.entries(fieldsOf(manifest[part]))
      .filter(([, value]) => isPlain(value))
      .map(([key]) => `${titleOf(manifest)}: ${part}.${key} would stand in Git for all to read; ${fix}`),
  );
}

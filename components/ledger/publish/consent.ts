import { shown } from "../../manifests";

/** Every consent that there is. */
export const CONSENTS: readonly unknown[] = ["rewrite", "removals", "foreign"];

/** Problems of a list of consents that stands at `field`; see `Consent`. */
export function checkConsents(field: string, allow: unknown): string[] {
  if (allow === undefined) return [];
  if (!Array.isArray(allow))
    return [`${field} is ${shown(allow)}; give a list of ${CONSENTS.map(shown).join(", ")}`];
  return allow
    .filter((consent) => !CONSENTS.includes(consent))
    .map((consent) => `${field} has ${shown(consent)}; it takes ${CONSENTS.map(shown).join(", ")}`);
}

import { isLate } from "./late";
import { isDnsSubdomain, shown } from "./names";

/** A label's value, and the name of a key. Source: Kubernetes, "Labels and Selectors". */
const QUALIFIED = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;

/** Problems of labels that stand at `field`. A value that is known only later is left to the cluster. */
export function checkLabels(field: string, labels: unknown): string[] {
  const rule = 'give up to 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';
  return checkEntries(field, labels, (value) =>
    value === "" || (typeof value === "string" && QUALIFIED.test(value))
      ? []
      : [`is ${shown(value)}; ${rule}`],
  );
}

/** Problems of annotations that stand at `field`. No message has a value: it may be of any kind and length. */
export function checkAnnotations(field: string, annotations: unknown): string[] {
  return checkEntries(field, annotations, (value) =>
    typeof value === "string" ? [] : [`is of type ${typeof value}; give text`],
  );
}

type CheckValue = (value: unknown) => readonly string[];

function checkEntries(field: string, entries: unknown, checkValue: CheckValue): string[] {
  if (entries === undefined) return [];
  if (typeof entries !== "object" || entries === null)
    return [`${field} is ${shown(entries)}; give texts by name`];
  return Object.entries(entries).flatMap(([key, value]) => {
    if (!isQualifiedName(key)) {
      return [
        `${field} has the key ${shown(key)}; give [prefix/]name, a DNS-1123 subdomain and 63 characters at most`,
      ];
    }
    return isLate(value) ? [] : checkValue(value).map((problem) => `${field}: ${shown(key)} ${problem}`);
  });
}

function isQualifiedName(key: string): boolean {
  const [name = "", prefix, ...more] = key.split("/").reverse();
  return more.length === 0 && QUALIFIED.test(name) && (prefix === undefined || isDnsSubdomain(prefix));
}

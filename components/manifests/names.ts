import { isLate } from "./late";

/** Longest DNS label, in characters. Source: Kubernetes, "Object Names and IDs". */
export const MAX_LABEL_LENGTH = 63;
/** Longest DNS subdomain, in characters. Source: Kubernetes, "Object Names and IDs". */
export const MAX_SUBDOMAIN_LENGTH = 253;

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether Kubernetes takes it as a DNS-1123 label. */
export function isDnsLabel(name: string): boolean {
  return name.length <= MAX_LABEL_LENGTH && LABEL.test(name);
}

/** Whether Kubernetes takes it as a DNS-1123 subdomain. */
export function isDnsSubdomain(name: string): boolean {
  return name.length <= MAX_SUBDOMAIN_LENGTH && SUBDOMAIN.test(name);
}

/** Problems of a name that has to be a DNS-1123 label. `field` says where it stands. */
export function checkDnsLabel(field: string, name: unknown): string[] {
  if (typeof name === "string" && isDnsLabel(name)) return [];
  const rule = `1 to ${MAX_LABEL_LENGTH} of a-z, 0-9 and "-", beginning and ending with a letter or digit`;
  return [`${field} is ${shown(name)}, which is no DNS-1123 label; use ${rule}`];
}

/** Problems of a name that has to be a DNS-1123 subdomain. `field` says where it stands. */
export function checkDnsSubdomain(field: string, name: unknown): string[] {
  if (typeof name === "string" && isDnsSubdomain(name)) return [];
  const rule = `1 to ${MAX_SUBDOMAIN_LENGTH} of a-z, 0-9, "-" and ".", each part beginning and ending with a letter or digit`;
  return [`${field} is ${shown(name)}, which is no DNS-1123 subdomain; use ${rule}`];
}

/** Namespaces that Kubernetes keeps for itself. Source: Kubernetes, "Namespaces". */
const RESERVED = /^kube-/;

/** Problems of the namespace of a delivery, which gets a Pod Security profile and so may not be the cluster's own. */
export function checkNamespace(field: string, name: unknown): string[] {
  const problems = checkDnsLabel(field, name);
  if (problems.length > 0 || !RESERVED.test(String(name))) return problems;
  return [`${field} is ${shown(name)}, which belongs to Kubernetes; give the application one of its own`];
}

const MAX_SHOWN = 80;

/** A value as an error shows it: quoted, on one line, cut when long. */
export function shown(value: unknown): string {
  if (isLate(value)) return "known only later";
  const text = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

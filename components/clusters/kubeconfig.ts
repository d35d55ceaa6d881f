import { shown } from "../manifests";
import { FILE_FIELDS, mergeKubeconfigs } from "./merge";
import type { Entry, Kubeconfig } from "./merge";

/** What a kubeconfig may do that did not come from a file of the user: it must not reach out to this machine. */
export interface InlineRules {
  /** Names of the programs that it may have run for its credentials. */
  readonly allowExec: readonly string[];
}

/** What is allowed to a kubeconfig beyond what is safe for all. */
export interface KubeconfigRules {
  /** Given for one that is no file of the user. @default it may do what a file of the user may */
  readonly inline?: InlineRules;
  /** Whether the cluster's certificate may go unchecked. @default false */
  readonly allowInsecureTls?: boolean;
}

/**
 * Problems of kubeconfigs that are merged, and of one context in them. No message has a value of a credential.
 */
export function checkKubeconfig(
  texts: readonly string[],
  origin: string,
  context?: string,
  rules: KubeconfigRules = {},
): string[] {
  const other = texts.find((text) => typeof text !== "string");
  if (other !== undefined)
    return [`${origin} is of type ${typeof other}, not text; give JSON.stringify of it`];
  const merged = tryMerge(texts);
  if (merged === undefined) {
    return [
      `${origin} is no kubeconfig: it is not YAML with "clusters", "contexts" and "users"; get it again`,
    ];
  }
  const name = context ?? merged.currentContext;
  if (name === undefined || name === "") return [`${origin} has no current-context; name one with "context"`];
  const found = merged.contexts.get(name);
  if (found === undefined) return [missingContext(origin, name, merged)];
  return checkContext(found, merged, rules).map((problem) => `${origin} ${problem}`);
}

function tryMerge(texts: readonly string[]): Kubeconfig | undefined {
  try {
    return mergeKubeconfigs(texts);
  } catch {
    return undefined;
  }
}

function missingContext(origin: string, name: string, { contexts }: Kubeconfig): string {
  const known = [...contexts.keys()].map(shown).join(", ") || "none";
  return `${origin} has no context ${shown(name)}; it has ${known}: correct the name or add the context`;
}

function checkContext(
  context: Entry,
  { clusters, users }: Kubeconfig,
  { inline, allowInsecureTls = false }: KubeconfigRules,
): string[] {
  const cluster = clusters.get(String(context.cluster));
  const user = users.get(String(context.user));
  return [
    ...(cluster === undefined
      ? [`has no cluster ${shown(context.cluster)}, which its context names`]
      : checkServer(String(context.cluster), cluster, allowInsecureTls)),
    ...(user === undefined ? [`has no user ${shown(context.user)}, which its context names`] : []),
    ...(inline === undefined ? [] : checkInline({ ...cluster, ...user }, inline)),
  ];
}

/** The address may have credentials in it, so no more than its host is shown. */
function checkServer(name: string, { server, ...rest }: Entry, allowInsecureTls: boolean): string[] {
  const url = typeof server === "string" && URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !isSafe(url)) {
    return [`has the cluster ${shown(name)}, whose server is no https address; correct it`];
  }
  if (rest["insecure-skip-tls-verify"] !== true || allowInsecureTls) return [];
  const fix =
    "replace insecure-skip-tls-verify by the certificate authority, or allow it with allowInsecureTls: true";
  return [`does not check the certificate of ${url.host}: ${fix}`];
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.includes(hostname));
}

function checkInline(entry: Entry, { allowExec }: InlineRules): string[] {
  const problems = FILE_FIELDS.filter((field) => entry[field] !== undefined).map((field) => {
    const fix = "put what is in it in its place, as kubectl config view --raw --flatten does";
    return `names the file ${shown(entry[field])} in ${field}; ${fix}`;
  });
  if (entry["auth-provider"] !== undefined)
    problems.push("has an auth-provider; give a token or a certificate");
  if (entry.exec === undefined) return problems;
  const { command } = (entry.exec ?? {}) as Entry;
  if (Array.isArray(allowExec) && allowExec.includes(command)) return problems;
  const fix = `allow it with allowExec: [${shown(command)}], or give a token or a certificate`;
  return [...problems, `runs the program ${shown(command)} for its credentials; ${fix}`];
}

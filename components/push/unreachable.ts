import { shown } from "../manifests";

/**
 * What becomes of a delivery when one of its clusters cannot be reached. `fail`: the others are delivered to, and then it
 * fails by that cluster's name. `skip`: the cluster is left at what the ledger says that it runs. Nothing of it is
 * touched or deleted in either case.
 */
export type OnUnreachable = "fail" | "skip";

/** Problems of the answer to a cluster that cannot be reached, which stands at `field`. */
export function checkOnUnreachable(field: string, value: unknown, hasLedger: boolean): string[] {
  if (value !== "fail" && value !== "skip") return [`${field} is ${shown(value)}; give "fail" or "skip"`];
  if (value === "fail" || hasLedger) return [];
  return [
    `${field} is "skip", which needs a ledger: it tells what a cluster is left at; add one, or give "fail"`,
  ];
}

/** How long the plugin waits for a cluster that swallows connections, in seconds: twice, and every other resource with it. */
const SILENT_TIMEOUT_SECONDS = 1;

/** How long one request of the plugin to a cluster may take, in seconds; undefined for its default. */
export function timeoutFor({ isSilent }: { readonly isSilent: boolean }): number | undefined {
  return isSilent ? SILENT_TIMEOUT_SECONDS : undefined;
}

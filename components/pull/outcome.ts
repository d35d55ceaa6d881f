import * as pulumi from "@pulumi/pulumi";
import type { ToldWaves } from "../push/ledger";
import type { ClusterLists } from "../push/render";
import type { SyncResult } from "./sync/inputs";

/** What one cluster runs after a successful `pulumi up`. */
export interface PulledRecord {
  /** Id of the release. */
  readonly release: string;
  /** SHA-256 in hex of the objects without the record. */
  readonly contentHash: string;
  /** Name of the wave that it belongs to. */
  readonly wave: string;
  readonly result: SyncResult;
  /** The agent's own words. */
  readonly message: string;
}

/** What the mark of a delivery says of each cluster. */
export function outcomeOf(
  records: Readonly<Record<string, pulumi.Output<PulledRecord>>>,
  lists: ClusterLists,
): Pick<ToldWaves, "clusters" | "waiting"> {
  const clusters = [...lists].map(([cluster, { contentHash }]) => [cluster, contentHash] as const);
  const known = pulumi.output(records) as pulumi.Output<Readonly<Record<string, PulledRecord>>>;
  return { clusters: Object.fromEntries(clusters), waiting: known.apply(notLive) };
}

/** What is in a pull request, or nobody could be asked for, has not succeeded yet. */
function notLive(records: Readonly<Record<string, PulledRecord>>): string[] {
  const open = Object.entries(records).filter(([, { result }]) => result !== "live");
  return open.map(([cluster]) => cluster).sort();
}

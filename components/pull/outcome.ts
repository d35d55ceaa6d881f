import * as pulumi from "@pulumi/pulumi";
import { markedClusters } from "../push/ledger";
import type { ToldWaves } from "../push/ledger";
import type { ClusterLists } from "../push/render";
import type { SettledClusters } from "../push/settling";
import type { SyncGate } from "./sync/gate";
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

/** Of the gate, so that it is known only when the cluster is live. */
export function recordOf(
  gate: SyncGate,
  {
    record,
    contentHash,
  }: { record: { readonly [field: string]: unknown }; contentHash: pulumi.Output<string> },
  wave: string,
): pulumi.Output<PulledRecord> {
  const data = pulumi.output(record.data as Readonly<Record<string, pulumi.Input<string>>>);
  return pulumi
    .all([gate.result, gate.message, contentHash, data])
    .apply(([result, message, hash, entries]) => {
      return { release: entries.release ?? "", contentHash: hash, wave, result, message };
    });
}

/** What the mark of a delivery says of each cluster. One that keeps what it has is not waited for. */
export function outcomeOf(
  records: Readonly<Record<string, pulumi.Output<PulledRecord>>>,
  { lists, settled }: { readonly lists: ClusterLists; readonly settled: SettledClusters },
): Pick<ToldWaves, "clusters" | "before" | "identities" | "waiting"> {
  const clusters = [...lists].map(([cluster, { contentHash }]) => [cluster, contentHash] as const);
  const awaited = Object.entries(records).filter(([cluster]) => !settled.get(cluster)!.isUntouched);
  const known = pulumi.output(Object.fromEntries(awaited)) as pulumi.Output<
    Readonly<Record<string, PulledRecord>>
  >;
  const { before = {}, identities = {} } = markedClusters(settled);
  return { clusters: Object.fromEntries(clusters), before, identities, waiting: known.apply(notLive) };
}

/** What is in a pull request, or nobody could be asked for, has not succeeded yet. */
function notLive(records: Readonly<Record<string, PulledRecord>>): string[] {
  const open = Object.entries(records).filter(([, { result }]) => result !== "live");
  return open.map(([cluster]) => cluster).sort();
}

import * as pulumi from "@pulumi/pulumi";
import type { ClusterDelivery } from "./cluster-delivery";
import type { ClusterList } from "./cluster-list";
import type { SettledCluster } from "./settling";

/** What every way of delivery says of a cluster. */
export interface DeliveredRecord {
  /** Id of the release. */
  readonly release: string;
  /** SHA-256 in hex of the objects without the record. */
  readonly contentHash: string;
  /** Name of the wave that it belongs to. */
  readonly wave: string;
}

/**
 * How a cluster stands: `live` runs what was delivered; `failed` has it, and a gate let it through although its checks
 * failed; `held` is held back by a pin; `unreachable` was left as it was; `skipped` was not come to, since no cluster of
 * a wave before it could be reached.
 */
export type ClusterState = "live" | "failed" | "held" | "unreachable" | "skipped";

/** What one cluster runs after a successful `pulumi up`. */
export interface ClusterRecord extends DeliveredRecord {
  readonly state: ClusterState;
  /** The commit that the release was made from; undefined when no pipeline made it. */
  readonly commit?: string;
  /** `repository@sha256:…` of each image, by name. */
  readonly images: Readonly<Record<string, string>>;
  /** Id of the release that it ran before; undefined when none is known. */
  readonly previous?: string;
}

/** Entries of a record in a cluster. */
type RecordData = Readonly<Record<string, string>>;

const IMAGE = "image.";

/** What the entries of a record say. */
export function readRecordData(data: RecordData, wave: string): Omit<ClusterRecord, "state" | "previous"> {
  const images = Object.entries(data).filter(([name]) => name.startsWith(IMAGE));
  return {
    release: data["release"] ?? "",
    contentHash: data["contentHash"] ?? "",
    wave,
    ...(data["commit"] === undefined ? {} : { commit: data["commit"] }),
    images: Object.fromEntries(images.map(([name, ref]) => [name.slice(IMAGE.length), ref])),
  };
}

/** Read from the object that was applied, so it is known only when the cluster has succeeded. */
export function recordOf(
  { record, cluster }: ClusterDelivery,
  settled: SettledCluster,
  {
    wave,
    failed,
  }: { readonly wave: string; readonly failed: pulumi.Output<Readonly<Record<string, string>>> },
): pulumi.Output<ClusterRecord> {
  return pulumi.all([record.data, failed]).apply(([data, reasons]): ClusterRecord => {
    const state: ClusterState = Object.hasOwn(reasons ?? {}, cluster) ? "failed" : settled.state;
    return { ...readRecordData(data ?? {}, wave), state, ...previousOf(settled, data?.["release"]) };
  });
}

/** The record of a cluster that nothing is declared for: what it was told last, as far as that is known. */
export function untouchedRecord(
  list: Pick<ClusterList, "record"> | undefined,
  wave: string,
  state: ClusterState,
): pulumi.Output<ClusterRecord> {
  const data = pulumi.output((list?.record["data"] ?? {}) as Record<string, pulumi.Input<string>>);
  return data.apply((entries) => ({ ...readRecordData(entries, wave), state }));
}

/** What ran before this update; when the update changes nothing, what ran before that. */
function previousOf({ told }: SettledCluster, release = ""): Pick<ClusterRecord, "previous"> {
  const before = told?.list?.release;
  const previous = before === undefined || before === release ? told?.previous : before;
  return previous === undefined ? {} : { previous };
}

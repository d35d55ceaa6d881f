import { canonicalJson, objectKey } from "../../components/manifests";
import type { Manifest } from "../../components/manifests";
import { toYaml } from "../../components/manifests/yaml";
import { recordName } from "../../components/release";
import type { RenderedLists } from "../../components/release";
import { hunks, lineDiff } from "./line-diff";

/** How one object changes, in the clusters where it does so in the same way. */
export interface ObjectChange {
  readonly kind: "added" | "changed" | "removed";
  /** `Deployment shop/web` */
  readonly title: string;
  readonly clusters: readonly string[];
  /** Lines of a unified difference, without the values of Secrets. */
  readonly lines: readonly string[];
}

/** Stands for a value that nobody may read. */
const HIDDEN = "(hidden)";
const ONLY_HIDDEN = " only values that are hidden";

/**
 * How the objects of an environment change, grouped by object. The record of the release is left out: it changes with
 * every one, and the preview says it by itself.
 */
export function objectChanges(
  app: string,
  before: RenderedLists | undefined,
  after: RenderedLists,
): ObjectChange[] {
  const changes = new Map<string, ObjectChange>();
  const clusters = [...new Set([...(before?.keys() ?? []), ...after.keys()])];
  const all = clusters.flatMap((cluster) =>
    clusterChanges(byKey(app, before, cluster), byKey(app, after, cluster), cluster),
  );
  for (const change of all) {
    const same = JSON.stringify([change.title, change.kind, change.lines]);
    const known = changes.get(same);
    const where = [...(known?.clusters ?? []), ...change.clusters];
    changes.set(same, { ...change, clusters: where });
  }
  return [...changes.values()];
}

function clusterChanges(
  old: ReadonlyMap<string, Manifest>,
  now: ReadonlyMap<string, Manifest>,
  cluster: string,
): ObjectChange[] {
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.flatMap((key) => changeOf(old.get(key), now.get(key), cluster) ?? []);
}

function byKey(app: string, lists: RenderedLists | undefined, cluster: string): Map<string, Manifest> {
  const objects = lists?.get(cluster)?.objects ?? [];
  const own = objects.filter(
    ({ kind, metadata }) => kind !== "ConfigMap" || metadata.name !== recordName(app),
  );
  return new Map(own.map((object) => [objectKey(object), object]));
}

function changeOf(
  before: Manifest | undefined,
  after: Manifest | undefined,
  cluster: string,
): ObjectChange | undefined {
  // What is read from the ledger has its fields in another order.
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return undefined;
  const [old, now] = [textOf(before), textOf(after)];
  const { kind, metadata } = (after ?? before)!;
  const place = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  const what = before === undefined ? "added" : "changed";
  return {
    kind: after === undefined ? "removed" : what,
    title: `${kind} ${place}`,
    clusters: [cluster],
    lines: old === now ? [ONLY_HIDDEN] : hunks(lineDiff(old, now)),
  };
}

function textOf(object: Manifest | undefined): string {
  return object === undefined ? "" : toYaml([object.kind === "Secret" ? hidden(object) : object]);
}

/** A Secret without its values. */
function hidden(secret: Manifest): Manifest {
  const masked = (entries: unknown): unknown =>
    typeof entries === "object" && entries !== null
      ? Object.fromEntries(Object.keys(entries).map((name) => [name, HIDDEN]))
      : entries;
  const { data, stringData, metadata, ...rest } = secret as Manifest & {
    readonly data?: unknown;
    readonly stringData?: unknown;
  };
  return {
    ...rest,
    metadata: withoutApplied(metadata),
    ...(data === undefined ? {} : { data: masked(data) }),
    ...(stringData === undefined ? {} : { stringData: masked(stringData) }),
  } as Manifest;
}

/** `kubectl apply` leaves the whole object in an annotation, with its values. */
const APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

function withoutApplied(metadata: Manifest["metadata"]): Manifest["metadata"] {
  const { annotations } = metadata;
  if (annotations?.[APPLIED] === undefined) return metadata;
  return { ...metadata, annotations: { ...annotations, [APPLIED]: HIDDEN } };
}

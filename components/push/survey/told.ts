import { deploymentsOf, isWayBack } from "../../history/deployments";
import type { Deployment } from "../../history/deployments";
import type { FileTexts, Ledger } from "../../ledger/read";
import { MARK_FILE, VERIFIED_FOLDER } from "../../ledger/outcome/names";
import { readMark } from "../../ledger/outcome/read-mark";
import type { Mark } from "../../ledger/outcome/read-mark";
import { objectKey } from "../../manifests/manifest";
import type { Manifest } from "../../manifests";
import { Mistake } from "../../mistake";
import { readList } from "../../release/older/files";
import type { SurveyOrder, Told, ToldList } from "./args";

/** How many of a cluster's older lists are looked at. */
export const MAX_OLDER_LISTS = 50;

/** What a ledger says of every cluster that it has. */
export async function readTold(
  order: Pick<SurveyOrder, "app" | "clusters">,
  ledger: Ledger,
): Promise<Record<string, Told>> {
  const mark = readMark((await ledger.folder(VERIFIED_FOLDER)).get(MARK_FILE));
  const names = new Set([...ledger.clusters.keys(), ...order.clusters.map(({ name }) => name)]);
  const told: Record<string, Told> = {};
  const deployments = deploymentsOf(ledger.history);
  const lists = remembered((files) => listOf(order.app, files));
  const sources = { ledger: readOnce(ledger), mark, deployments, listOf: lists };
  for (const cluster of names) {
    const found = await toldTo(cluster, order, sources);
    if (found !== undefined) told[cluster] = found;
  }
  return told;
}

/** Clusters of one wave were told by the same commits: each of those is read once. */
function readOnce(ledger: Ledger): Ledger {
  const known = new Map<string, ReturnType<Ledger["at"]>>();
  const at: Ledger["at"] = (commit) => {
    const files = known.get(commit) ?? ledger.at(commit);
    known.set(commit, files);
    return files;
  };
  return { ...ledger, at };
}

interface Sources {
  readonly ledger: Ledger;
  readonly mark: Mark;
  /** The newest first. */
  readonly deployments: readonly Deployment[];
  readonly listOf: ListOf;
}

type ListOf = (files: FileTexts | undefined) => ToldList | undefined;

/** Most clusters are told the same: what was read for one need not be read for the next. */
function remembered(read: ListOf): ListOf {
  const known = new Map<string, ToldList | undefined>();
  return (files) => {
    const key = JSON.stringify([...(files ?? [])]);
    if (!known.has(key)) known.set(key, read(files));
    return known.get(key);
  };
}

async function toldTo(
  cluster: string,
  { clusters }: Pick<SurveyOrder, "clusters">,
  { ledger, mark, deployments, listOf }: Sources,
): Promise<Told | undefined> {
  const files = ledger.clusters.get(cluster);
  if (files === undefined) return undefined;
  const list = listOf(files);
  const pin = clusters.find(({ name }) => name === cluster)?.pin;
  const verified = mark.clusters[cluster];
  const found = await lookBack(cluster, { list, pin, verified, ledger, listOf });
  const uid = mark.identities[cluster];
  return { list, verified, uid, isWayBack: wasWayBack(cluster, list, { ledger, deployments }), ...found };
}

/**
 * As the delivery that told it knew it: by what came before, or since a pin brought it back. That is told by a commit of the
 * release that the environment was at, which is another one.
 */
function wasWayBack(
  cluster: string,
  list: ToldList | undefined,
  { ledger, deployments }: Pick<Sources, "ledger" | "deployments">,
): boolean | undefined {
  const isOf = ({ clusters }: { readonly clusters: readonly string[] }): boolean =>
    clusters.includes(cluster);
  const release = ledger.history.find(isOf)?.release;
  if (list === undefined || release === undefined) return undefined;
  return release !== list.release || isWayBack(deployments.slice(deployments.findIndex(isOf)), list.release);
}

interface Question {
  readonly list: ToldList | undefined;
  readonly pin: string | undefined;
  readonly verified: string | undefined;
  readonly ledger: Ledger;
  readonly listOf: ListOf;
}

/** Goes through the cluster's older lists, the newest first, until nothing is left to be found. */
async function lookBack(
  cluster: string,
  { list, pin, verified, ledger, listOf }: Question,
): Promise<Pick<Told, "earlier" | "previous" | "pinned">> {
  const earlier = new Map<string, Manifest>();
  let pinned = pin !== undefined && list?.release === pin ? list : undefined;
  let previous: string | undefined;
  let isOpen = list?.contentHash !== verified;
  const entries = ledger.history.filter(({ clusters }) => clusters.includes(cluster));
  for (const { commit } of entries.slice(1, MAX_OLDER_LISTS)) {
    if (!isOpen && previous !== undefined && (pin === undefined || pinned !== undefined)) break;
    const older = listOf((await ledger.at(commit)).get(cluster));
    if (older === undefined) continue;
    if (older.release !== list?.release) previous ??= older.release;
    if (older.release === pin) pinned ??= older;
    if (isOpen) collect(earlier, older.objects);
    isOpen &&= older.contentHash !== verified;
  }
  return { earlier: [...earlier.values()], previous, pinned };
}

/** Of objects that several lists have, the newest one counts. */
function collect(earlier: Map<string, Manifest>, objects: readonly Manifest[]): void {
  for (const object of objects) {
    const key = objectKey(object);
    if (!earlier.has(key)) earlier.set(key, object);
  }
}

/** Text that somebody has edited into something else is no list. */
function listOf(app: string, files: FileTexts | undefined): ToldList | undefined {
  try {
    const list = files === undefined ? undefined : readList(app, files);
    if (files === undefined || list === undefined) return undefined;
    const record = list.objects.at(-1)!;
    const { release } = record["data"] as Readonly<Record<string, string>>;
    const { contentHash } = list;
    return {
      release: release ?? "",
      objects: list.objects.slice(0, -1),
      contentHash,
      record,
      files: Object.fromEntries(files),
    };
  } catch (error) {
    if (error instanceof Mistake) return undefined;
    throw error;
  }
}

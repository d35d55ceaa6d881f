import { join } from "node:path";
import type { Environment } from "../../environment";
import { placeOf } from "../../source/clone";
import { PIPELINE_MODULE } from "./args";
import type { OlderRelease, RenderedList, ReleaseFiles } from "./args";
import { cacheFolder, keep, readKept, renderKeys } from "./cache";
import { readList } from "./files";
import { findLockFile } from "./lock-file";

/** Lists of a release that its code has rendered on this machine before; only those that are there. */
export function readKeptLists(order: OlderRelease, system: Environment): Map<string, RenderedList> {
  if (order.clusters.length === 0) return new Map();
  const keyOf = keysOf(order);
  const found = order.clusters.map((cluster) => {
    const files = readKept(cacheFolder(system), keyOf(cluster));
    const list = files === undefined ? undefined : readList(order.app, Object.entries(files));
    return [cluster, list] as const;
  });
  const lists = found.flatMap(([cluster, list]): [string, RenderedList][] =>
    list === undefined ? [] : [[cluster, { ...list, by: "commit" }]],
  );
  return new Map(lists);
}

/** Keeps what a release's code has rendered. */
export function keepLists(order: OlderRelease, { files }: ReleaseFiles, system: Environment): void {
  const keyOf = keysOf(order);
  for (const [cluster, texts] of Object.entries(files)) keep(cacheFolder(system), keyOf(cluster), texts);
}

function keysOf(order: OlderRelease): (cluster: string) => string {
  const place = placeOf(order.root);
  const folder = join(place?.prefix ?? "", PIPELINE_MODULE, "..");
  const lock = place === undefined ? undefined : findLockFile(place.top, folder);
  return renderKeys(order, lock?.bytes.toString("base64") ?? "");
}

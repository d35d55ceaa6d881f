import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { readLedger } from "../../../components/ledger";
import type { Ledger, LedgerEntry } from "../../../components/ledger";

/** What the stand-in of the engine notes of one update, the newest first. */
interface Update {
  readonly result: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly config: Readonly<Record<string, { readonly value: string } | undefined>>;
}

/** Clusters by wave of the stand-in's environments. */
const WAVES: Readonly<Record<string, readonly string[]>> = { dev: ["dev-1"], prod: ["eu-1", "us-1"] };

/**
 * The reading of a ledger as `delivery` does it, from what the stand-in of the engine in that world has noted: an entry for
 * each wave that was told, and the mark where all of it has succeeded and no cluster was held at another release.
 */
export const fakeReadLedger: typeof readLedger = async ({ repository, branch }) => {
  const [bin, stack] = [join(new URL(repository).pathname, "bin"), branch.split("/").at(-1)!];
  const read = <T>(name: string, none: T): T =>
    existsSync(join(bin, name)) ? (JSON.parse(readFileSync(join(bin, name), "utf8")) as T) : none;
  const updates = read<Record<string, Update[]>>("history.json", {})[stack] ?? [];
  const running = read<Record<string, string>>("running.json", {});
  const history = updates.flatMap((update) => entriesOf(stack, update));
  const clusters = WAVES[stack]!.flatMap((name) =>
    name in running ? [[name, recordOf(running[name]!)]] : [],
  );
  const nothing = {
    tip: history[0],
    at: async () => new Map(),
    folder: async () => new Map(),
    close: () => {},
  };
  return { ...nothing, history, clusters: new Map(clusters as never) } as Ledger;
};

function entriesOf(stack: string, { result, startTime, endTime, config }: Update): LedgerEntry[] {
  const value = (key: string): unknown => JSON.parse(config[`delivery:${key}`]?.value ?? "null");
  const { id, commit } = value("release") as { id: string; commit: string };
  const pins = Object.values((value("pins") ?? {}) as Record<string, { id: string }>);
  const override = (value("override") as { reason: string } | null)?.reason;
  const base = {
    ...{ commit: "0".repeat(40), tree: "", author: "", subject: "", stack },
    contentHash: undefined,
  };
  const of = { ...base, release: id, sourceCommit: commit, override };
  const told = WAVES[stack]!.map((name) => ({
    ...of,
    time: new Date(startTime),
    clusters: [name],
    outcome: undefined,
  }));
  const isWhole = result === "succeeded" && pins.every((pin) => pin.id === id);
  const mark = { ...of, time: new Date(endTime), clusters: [], outcome: "verified" };
  return [...(isWhole ? [mark] : []), ...told.toReversed()];
}

const recordOf = (release: string): ReadonlyMap<string, string> =>
  new Map([["core_configmap_shop_shop-release.yaml", `data: { release: ${JSON.stringify(release)} }\n`]]);

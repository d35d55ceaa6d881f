import { describe, expect, it } from "vitest";
import type { Ledger, LedgerEntry } from "../../../components/ledger";
import type { Manifest } from "../../../components/manifests";
import { manifestFiles } from "../../../components/manifests/files";
import { readTold } from "../../../components/push/survey/told";
import { renderList } from "../../../components/release";

const PLACE = { app: "shop", namespace: "shop", clusterScope: [], kubernetesVersion: "1.36" } as const;
const configMap = (name: string): Manifest => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });

/** A list of ConfigMaps by a release. */
function listOf(release: string, ...names: string[]): { hash: string; files: Map<string, string> } {
  const made = { id: release, commit: "1".repeat(40), sources: "b".repeat(64), images: {} };
  const { objects, contentHash } = renderList(names.map(configMap), PLACE, made);
  return { hash: contentHash, files: new Map(manifestFiles(objects)) };
}

/** A ledger whose branch told a cluster these lists, the newest first; and what its mark says. */
function ledgerOf(lists: readonly Map<string, string>[], mark: object = {}): Ledger {
  const entries = lists.map(
    (_, index) => ({ commit: `c${index}`, clusters: ["eu"] }) as unknown as LedgerEntry,
  );
  const others = { commit: "other", clusters: ["us"] } as unknown as LedgerEntry;
  const at = (index: number): Map<string, Map<string, string>> =>
    new Map(lists[index] === undefined ? [] : [["eu", lists[index]]]);
  return {
    tip: entries[0],
    clusters: at(0),
    history: [...entries.slice(0, 1), others, ...entries.slice(1)],
    at: async (commit: string) => at(Number(commit.slice(1))),
    folder: async () => new Map([["verified/release.json", JSON.stringify(mark)]]),
    close: () => {},
  };
}

const ask = async (ledger: Ledger, pin?: string): Promise<Awaited<ReturnType<typeof readTold>>[string]> => {
  const clusters = [{ name: "eu", access: undefined, pin, objects: [] }];
  return (await readTold({ app: "shop", clusters }, ledger))["eu"]!;
};
const names = (objects: readonly Manifest[]): string[] => objects.map(({ metadata }) => metadata.name).sort();

const one = listOf("shop-1", "a", "b");
const two = listOf("shop-2", "a", "c");
const three = listOf("shop-3", "a");

describe("what a cluster was told", () => {
  it("is its folder's list, with its release and its bytes", async () => {
    const { list, verified, uid } = await ask(
      ledgerOf([one.files], { clusters: { eu: one.hash }, identities: { eu: "u" } }),
    );
    expect([list?.release, list?.contentHash, names(list!.objects)]).toEqual([
      "shop-1",
      one.hash,
      ["a", "b"],
    ]);
    expect(list?.files).toEqual(Object.fromEntries(one.files));
    expect([verified, uid]).toEqual([one.hash, "u"]);
  });

  it("is nothing of an earlier release once the newest one has succeeded", async () => {
    const { earlier, previous } = await ask(ledgerOf([two.files, one.files], { clusters: { eu: two.hash } }));
    expect([earlier, previous]).toEqual([[], "shop-1"]);
  });

  it("is all that was told since the last one that has succeeded, that one included, and no more", async () => {
    const ledger = ledgerOf([three.files, two.files, one.files, listOf("shop-0", "z").files], {
      clusters: { eu: one.hash },
    });
    const { earlier, previous } = await ask(ledger);
    expect([names(earlier), previous]).toEqual([["a", "b", "c"], "shop-2"]);
  });

  it("is all that was ever told when nothing has succeeded yet", async () => {
    expect(names((await ask(ledgerOf([three.files, two.files, one.files]))).earlier)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("has the newest list of a release that it is pinned to, now or earlier", async () => {
    const ledger = ledgerOf([three.files, two.files, one.files], { clusters: { eu: three.hash } });
    const pinned = async (pin: string): Promise<string | undefined> =>
      (await ask(ledger, pin)).pinned?.contentHash;
    expect(await pinned("shop-3")).toBe(three.hash);
    expect(await pinned("shop-1")).toBe(one.hash);
    expect(await pinned("shop-9")).toBeUndefined();
    const again = listOf("shop-1", "b");
    const several = ledgerOf([three.files, again.files, one.files], { clusters: { eu: one.hash } });
    expect((await ask(several, "shop-1")).pinned?.contentHash).toBe(again.hash);
  });

  it.each([
    ["a way back when it had succeeded before another one", ["1", "ok 1", "2", "ok 2", "1"], true],
    ["no way back when another one has failed before it", ["1", "2"], false],
    ["no way back when it is told again", ["1", "ok 1", "1"], false],
    ["no way back for a cluster that was left out of it", ["1", "ok 1", "2", "ok 2", "us: 1"], false],
    ["a way back when a pin has brought it there, verified or not", ["1", "2", "1 by 2"], true],
    ["a way back, too, when the others have gone on since", ["1", "2", "1 by 2", "us: 3"], true],
    ["not known to be one when its commit names no release", ["1", "2", "1 by -"], undefined],
  ])("is %s", async (_what, said, expected) => {
    const entries = said.toReversed().map((text, index) => {
      const release = text.endsWith("-") ? undefined : `shop-${text.at(-1)!}`;
      const clusters = text.startsWith("ok") ? [] : [text.startsWith("us") ? "us" : "eu"];
      const outcome = text.startsWith("ok") ? "verified" : undefined;
      return { commit: `c${index}`, time: new Date(0), release, clusters, outcome } as unknown as LedgerEntry;
    });
    const list = said.findLast((text) => /^\d/.test(text))?.startsWith("1") ? one : two;
    const ledger = { ...ledgerOf([list.files]), history: entries };
    expect((await ask({ ...ledger, at: async () => new Map() })).isWayBack).toBe(expected);
  });

  it("is no list when somebody has made something else of the folder, which is there all the same", async () => {
    const { list } = await ask(ledgerOf([new Map([["notes.yaml", "- a list"]])]));
    expect(list).toBeUndefined();
  });

  it("survives a mark that is none", async () => {
    const ledger = {
      ...ledgerOf([one.files]),
      folder: async () => new Map([["verified/release.json", "{"]]),
    };
    expect((await ask(ledger)).verified).toBeUndefined();
  });
});

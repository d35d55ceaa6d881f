import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { migration } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import { failAfter } from "../../../components/push/fail-after";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { answer, declaredIn, greetingIn, ledger, manifests, release, told, toldList } from "./survey";
import { before, cluster, find, IMAGE } from "./world";

// Its process is compiled, and asks clusters and a server: test/e2e has them.
vi.mock("../../../components/push/survey/sync", () => ({ surveySync: vi.fn() }));
// It would end the test as it ends a program.
vi.mock("../../../components/push/fail-after", () => ({ failAfter: vi.fn() }));

const gone = { state: "unreachable", why: "us.example.com did not answer in time", isSilent: true } as const;

beforeEach(() => answer({}));
afterEach(() => void vi.mocked(failAfter).mockReset());

const migrated = toldList("1", [
  ...manifests("old"),
  ...migration({ name: "migrate", image: IMAGE, release: release("1").id }),
]);
const waves = [{ name: "all", clusters: [cluster("eu"), cluster("us"), cluster("asia")], maxParallel: 3 }];
interface Run {
  readonly world: Registration[];
  readonly record: Record<string, unknown>;
}
async function run(args: Partial<PushDeliveryArgs> = {}, preview = false): Promise<Run> {
  let record: Record<string, unknown> = {};
  const world = await registrations(
    () => {
      const base = { waves, manifests: manifests("new"), release: release("2"), ledger };
      const delivery = new PushDelivery("shop", { ...base, ...args } as PushDeliveryArgs);
      delivery.record.apply((value) => (record = value));
    },
    { preview },
  );
  return { world, record };
}
const failed = (): string | undefined => vi.mocked(failAfter).mock.calls[0]?.[1];

describe("a cluster that cannot be reached", () => {
  it("has nothing declared by an update, which goes on with the others and fails by its name", async () => {
    answer({ reach: { us: gone }, told: { us: told() } });
    const { world, record } = await run();
    expect(declaredIn(world, "us")).toEqual([]);
    expect(world.map(({ name }) => name)).not.toContain("shop/us");
    expect([greetingIn(world, "eu"), greetingIn(world, "asia")]).toEqual([
      { GREETING: "new" },
      { GREETING: "new" },
    ]);
    expect(failed()).toMatch(/^cluster us cannot be reached: us\.example\.com did not answer in time\n/);
    expect(record).toMatchObject({
      eu: { state: "live", release: release("2").id },
      us: { state: "unreachable", release: release("1").id },
    });
  });

  it("is shown by a preview as it was told, with nothing changed or deleted, and fails no preview", async () => {
    answer({ reach: { us: gone }, told: { us: told() } });
    const { world } = await run({}, true);
    expect(greetingIn(world, "us")).toEqual({ GREETING: "old" });
    expect(declaredIn(world, "us").map(({ name }) => name.replace("/us/", "/eu/"))).toEqual(
      declaredIn(world, "eu").map(({ name }) => name),
    );
    expect(vi.mocked(failAfter)).not.toHaveBeenCalled();
  });

  it("is left at what it was told where it may be skipped, and nothing fails", async () => {
    answer({ reach: { us: gone }, told: { us: told() } });
    const { world, record } = await run({ onUnreachable: "skip" });
    expect(greetingIn(world, "us")).toEqual({ GREETING: "old" });
    expect(find(world, "shop/us/core/ConfigMap/shop/shop-release").inputs["data"]).toMatchObject({
      release: release("1").id,
    });
    expect(record["us"]).toMatchObject({ state: "unreachable", release: release("1").id });
    expect(vi.mocked(failAfter)).not.toHaveBeenCalled();
  });

  it.each([
    ["on the way to it, with its migration", {}, 1],
    ["on the way back to it, without its migration, which is not in the state", { isWayBack: true }, 0],
    ["by a pin, without its migration", { isWayBack: true, pinned: migrated }, 0],
    ["and is pinned to only now, with its migration", { isWayBack: false, pinned: migrated }, 1],
    ["by a commit without a release, and is pinned to, without its migration", { pinned: migrated }, 0],
  ] as const)("is left at a release that it was told %s", async (_how, more, count) => {
    answer({ reach: { us: gone }, told: { us: told(migrated, more) } });
    const pins: Record<string, string> = "pinned" in more ? { us: migrated.release } : {};
    const { world } = await run({ onUnreachable: "skip", pins });
    expect(declaredIn(world, "us").filter(({ type }) => type.endsWith(":Job"))).toHaveLength(count);
    const files = find(world, "shop/ledger/all").inputs["files"] as Record<string, string>;
    const kept = Object.keys(files).filter((path) => path.startsWith("clusters/us/"));
    expect(kept.filter((path) => path.includes("migration_")).length).toBeGreaterThan(0);
  });

  it("is not brought back by a pin before it is there again, and the preview says what then becomes of it", async () => {
    const now = toldList("2", manifests("new"));
    answer({ reach: { us: gone }, told: { us: told(now, { pinned: toldList("1") }) } });
    const said = vi.spyOn(pulumi.log, "warn");
    const { world, record } = await run({ onUnreachable: "skip", pins: { us: release("1").id } });
    expect(greetingIn(world, "us")).toEqual({ GREETING: "new" });
    const files = find(world, "shop/ledger/all").inputs["files"] as Record<string, string>;
    expect(Object.entries(files)).toEqual(
      expect.arrayContaining(Object.entries(now.files).map(([path, text]) => [`clusters/us/${path}`, text])),
    );
    expect(record["us"]).toMatchObject({ state: "unreachable", release: release("2").id });
    expect(said.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining(
        `it is left at release ${release("2").id} and goes to ${release("1").id}, as pins says, once it is back`,
      ),
    ]);
  });

  it.each(["fail", "skip"] as const)(
    "keeps its folder of the ledger, byte for byte (%s)",
    async (onUnreachable) => {
      const list = toldList("1");
      answer({ reach: { us: gone }, told: { us: told(list) } });
      const { inputs } = find((await run({ onUnreachable })).world, "shop/ledger/all");
      expect(inputs["prefixes"]).toEqual(["clusters/eu", "clusters/us", "clusters/asia"]);
      const files = Object.entries(inputs["files"] as Record<string, string>);
      const kept = files.filter(([path]) => path.startsWith("clusters/us/"));
      expect(
        Object.fromEntries(kept.map(([path, text]) => [path.slice("clusters/us/".length), text])),
      ).toEqual(list.files);
      expect(inputs["message"]).toMatchObject({ subject: `deploy ${release("2").id} to eu, asia` });
    },
  );

  it("is not looked at by a gate, and its name stays what it was in the mark", async () => {
    const list = toldList("1");
    answer({ reach: { us: gone }, told: { us: told(list) } });
    const { world } = await run({ onUnreachable: "skip" });
    const looked = Object.keys(find(world, "shop/gate/all").inputs["clusters"] as object);
    expect(looked.sort()).toEqual(["asia", "eu"]);
    const [text] = Object.values(
      find(world, "shop/ledger/verified").inputs["files"] as Record<string, string>,
    );
    expect(JSON.parse(text!)).toMatchObject({ clusters: { us: list.contentHash }, identities: { us: "u" } });
  });

  it("lets an update that fails for it mark nothing as verified", async () => {
    answer({ reach: { us: gone }, told: { us: told() } });
    expect((await run()).world.map(({ name }) => name)).not.toContain("shop/ledger/verified");
  });

  it("that was never told anything has no folder made up for it, and cannot be skipped", async () => {
    answer({ reach: { us: gone } });
    const { world } = await run({ onUnreachable: "skip" });
    expect(find(world, "shop/ledger/all").inputs["prefixes"]).toEqual(["clusters/eu", "clusters/asia"]);
    expect(declaredIn(world, "us")).toEqual([]);
    expect(failed()).toContain("cluster us cannot be reached");
  });

  it("without a ledger is left alone all the same", async () => {
    answer({ reach: { us: gone } });
    const said = vi.spyOn(pulumi.log, "warn");
    const { world } = await run({ ledger: undefined as never });
    expect(said.mock.lastCall?.[0]).toBe(
      `cluster us cannot be reached: ${gone.why}; the others are delivered to, and then the update fails for it.`,
    );
    expect(declaredIn(world, "us")).toEqual([]);
    expect(greetingIn(world, "eu")).toEqual({ GREETING: "new" });
    expect(failed()).toContain("cluster us cannot be reached");
  });

  it("makes the plugin give up soon when it swallows connections, and only then", async () => {
    const timeoutIn = async (isSilent: boolean): Promise<unknown> => {
      answer({ reach: { us: { ...gone, isSilent } }, told: { us: told() } });
      const { world } = await run({ onUnreachable: "skip" });
      const { inputs } = find(world, "shop/us", "pulumi:providers:kubernetes");
      return (JSON.parse(inputs["kubeClientSettings"] as string) as { timeout: number }).timeout;
    };
    expect([await timeoutIn(true), await timeoutIn(false)]).toEqual([1, 30]);
  });

  it("that was left in the middle of an update keeps what the state has of it", async () => {
    answer({ reach: { us: gone }, told: { us: { ...told(), verified: "another" } } });
    const { world } = await run({ onUnreachable: "skip" });
    const [text] = Object.values(
      find(world, "shop/ledger/verified").inputs["files"] as Record<string, string>,
    );
    expect(JSON.parse(text!)).toMatchObject({ clusters: { us: "another" } });
  });
});

describe("waves with a cluster that cannot be reached", () => {
  const two = [
    { name: "canary", clusters: [cluster("eu")] },
    { name: "rest", clusters: [cluster("us")] },
  ];

  it("go on to the next one when another cluster of the wave could be reached", async () => {
    const canary = [{ name: "canary", clusters: [cluster("eu"), cluster("asia")] }, two[1]!];
    answer({ reach: { asia: gone }, told: { asia: told() } });
    const { world } = await run({ waves: canary });
    expect(greetingIn(world, "us")).toEqual({ GREETING: "new" });
  });

  it("keep their order when the first clusters of a wave are left out: the others wait for all that comes before", async () => {
    const rest = { name: "rest", clusters: [cluster("us"), cluster("asia")], maxParallel: 1 };
    answer({ reach: { us: gone }, told: { eu: told(), us: told(), asia: told() } });
    const { world } = await run({ waves: [two[0]!, rest] });
    const earlier = before(world, "shop/asia/core/ConfigMap/shop/web-config");
    expect([...earlier]).toEqual(expect.arrayContaining(["shop/gate/canary", "shop/ledger/rest"]));
  });

  it("stop behind one of which no cluster could be reached: nothing has tried the release", async () => {
    answer({ reach: { eu: gone }, told: { eu: told(), us: told() } });
    const { world, record } = await run({ waves: two });
    expect(declaredIn(world, "us")).toEqual([]);
    expect(record).toMatchObject({
      eu: { state: "unreachable", release: release("1").id },
      us: { state: "skipped", release: release("1").id },
    });
    expect(failed()).toContain("cluster eu cannot be reached");
  });
});

describe("a migration of the environment", () => {
  const args = { name: "migrate", image: IMAGE, release: release("2").id, oncePer: "environment" } as const;
  const migrated: Manifest[] = [...manifests("new"), ...migration(args)];
  const pins = { eu: release("1").id };

  it.each(["fail", "skip"] as const)(
    "keeps every cluster from its release while the one that runs it cannot be reached (%s)",
    async (onUnreachable) => {
      answer({ reach: { eu: gone }, told: { eu: told(), us: told(), asia: told() } });
      await expect(run({ manifests: migrated, onUnreachable })).rejects.toThrow(
        /Job shop\/migrate-2+ runs for all clusters in "eu", which cannot be reached \(.+ did not answer in time\)/,
      );
    },
  );

  it("keeps them from it, too, while that one is held back", async () => {
    const held = told(toldList("1"), { pinned: toldList("1") });
    answer({ told: { eu: held, us: told(), asia: told() } });
    await expect(run({ manifests: migrated, pins })).rejects.toThrow(
      'runs for all clusters in "eu", which is held back by a pin: none may get this release before; wait for that ' +
        "cluster, or name another one first in the waves",
    );
  });

  it("keeps them from nothing once it has succeeded, on the way back, or when another cluster is away", async () => {
    const done = told(toldList("2", migrated));
    answer({ reach: { eu: gone }, told: { eu: done, us: done, asia: done } });
    await expect(run({ manifests: migrated, onUnreachable: "skip" })).resolves.toBeDefined();
    answer({ reach: { eu: gone }, told: { eu: told(), us: told(), asia: told() } });
    await expect(run({ manifests: migrated, isWayBack: () => true })).resolves.toBeDefined();
    answer({ reach: { us: gone }, told: { eu: told(), us: told(), asia: told() } });
    await expect(run({ manifests: migrated })).resolves.toBeDefined();
  });
});

describe("onUnreachable", () => {
  it('"skip" is refused without a ledger, since nothing tells what the cluster is left at', async () => {
    const refused = run({ ledger: undefined as never, onUnreachable: "skip" });
    await expect(refused).rejects.toThrow(/onUnreachable is "skip", which needs a ledger/);
  });
});

import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { migration } from "../../../components/manifests";
import { PullDelivery } from "../../../components/pull";
import type { PullDeliveryArgs } from "../../../components/pull";
import { surveySync } from "../../../components/push/survey/sync";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { answer, configMap, ledger, manifests, release, told, toldList, twoWaves } from "../push/survey";
import { cluster, find, IMAGE } from "../push/world";

// Its process is compiled, and asks clusters and a server: test/e2e has them.
vi.mock("../../../components/push/survey/sync", () => ({ surveySync: vi.fn() }));
const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();

beforeEach(() => {
  answer({});
  warn.mockClear();
});

const TREES = { "clusters/eu": "1", "clusters/us": "2" };

interface Run {
  readonly world: Registration[];
  readonly problem: string;
}
async function run(args: Partial<PullDeliveryArgs> = {}, us = "live"): Promise<Run> {
  let problem = "";
  const program = (): void => {
    try {
      const base = { waves: twoWaves, manifests: manifests("new"), release: release("2"), ledger };
      new PullDelivery("shop", { ...base, ...args } as PullDeliveryArgs);
    } catch (error) {
      problem = (error as Error).message;
    }
  };
  const outputs = ({ type, name }: pulumi.runtime.MockResourceArgs): Record<string, unknown> =>
    type.endsWith(":SyncGate")
      ? { result: name.includes("/us/") ? us : "live", message: "words" }
      : { commit: "c".repeat(40), trees: TREES, result: "published", failed: {} };
  return { world: await registrations(program, { outputs }), problem };
}
const textsOf = (world: readonly Registration[], commit: string): Record<string, string> =>
  find(world, commit).inputs["files"] as Record<string, string>;
const warnings = (): string => warn.mock.calls.map(([text]) => text).join("\n");

describe("a cluster that is held back, in a delivery by agents", () => {
  const pins = { us: release("1").id };
  const list = toldList("1");

  it("keeps its folder byte for byte while the others go on, and nobody looks at it", async () => {
    answer({ told: { us: told(list, { pinned: list }) } });
    const { world } = await run({ pins });
    const kept = Object.entries(textsOf(world, "shop/ledger/rest"));
    const files = Object.entries(list.files).map(([path, text]) => [`clusters/us/${path}`, text]);
    expect(kept.sort()).toEqual(files.sort());
    expect(Object.values(textsOf(world, "shop/ledger/canary")).join("\n")).toContain("GREETING: new");
    expect(find(world, "shop/us/live").inputs).toMatchObject({ held: true, release: release("1").id });
    expect(find(world, "shop/eu/live").inputs).toMatchObject({ held: false, release: release("2").id });
    expect(find(world, "shop/gate/rest").inputs["clusters"]).toEqual({});
    expect(warnings()).toContain(`cluster us is held back at release ${release("1").id}`);
  });

  it("goes back to its release when it was told another one since, and is waited for then", async () => {
    const now = toldList("2", manifests("newer"));
    answer({ told: { us: told(now, { pinned: list, previous: release("1").id }) } });
    const { world } = await run({ pins });
    expect(Object.values(textsOf(world, "shop/ledger/rest")).sort()).toEqual(
      Object.values(list.files).sort(),
    );
    expect(find(world, "shop/us/live").inputs).toMatchObject({ held: false, release: release("1").id });
    expect(Object.keys(find(world, "shop/gate/rest").inputs["clusters"] as object)).toEqual(["us"]);
    // It had the release that the others get.
    expect(find(world, "shop/ledger/verified").inputs["message"]).toMatchObject({ outcome: "partial" });
  });

  it("does not keep the release of the others from being verified, whatever became of it", async () => {
    answer({ told: { us: told(list, { pinned: list }) } });
    const { world } = await run({ pins }, "publishedNotVerified");
    expect(find(world, "shop/ledger/verified").inputs["message"]).toMatchObject({ outcome: "verified" });
  });

  it("is refused at a release that it was never told, before anything is declared", async () => {
    answer({ told: { us: told(toldList("3")) } });
    const { world, problem } = await run({ pins });
    expect(problem).toContain(`cluster "us" is pinned to ${release("1").id}, which it was never told`);
    expect(world.map(({ type }) => type)).toEqual(["delivery:pull:PullDelivery"]);
  });

  it("is refused when the ledger cannot be read: nobody knows what to leave it at", async () => {
    answer({ ledgerProblem: "git.example.com cannot be reached" });
    expect((await run({ pins })).problem).toContain("git.example.com cannot be reached");
    expect((await run()).problem).toBe("");
  });

  it("keeps all from a release whose migration it is to run for them", async () => {
    const args = { name: "migrate", image: IMAGE, release: release("2").id, oncePer: "environment" } as const;
    const delivered = { manifests: [...manifests("new"), ...migration(args)], pins: { eu: release("1").id } };
    answer({ told: { eu: told(list, { pinned: list }), us: told() } });
    expect((await run(delivered)).problem).toMatch(
      /runs for all clusters in "eu", which is held back by a pin: none may/,
    );
    answer({ told: { eu: told(), us: told(list, { pinned: list }) } });
    expect((await run({ ...delivered, pins })).problem).toBe("");
  });

  it("has its Secrets applied as before, where they are not published", async () => {
    answer({ told: { us: told(list, { pinned: list }) } });
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "db" }, stringData: { a: "1" } };
    const { world } = await run({ pins, secrets: "direct", manifests: [...manifests("new"), secret] });
    const applied = world.filter(({ name }) => name.endsWith("/Secret/shop/db")).map(({ name }) => name);
    expect(applied).toEqual(["shop/eu/core/Secret/shop/db", "shop/us/core/Secret/shop/db"]);
  });
});

describe("a cluster without an agent", () => {
  it("is named before anything is declared, with what installs one: what tells the agent would not be taken", async () => {
    answer({ lacking: { us: ["source.toolkit.fluxcd.io/v1"] } });
    const { problem } = await run();
    expect(problem).toBe("");
    expect(warnings()).toContain(
      "cluster us has no Flux: it does not serve source.toolkit.fluxcd.io/v1; install it first, with FluxAgent, or in a pipeline with: delivery up agents",
    );
    const [{ wanted }] = vi.mocked(surveySync).mock.lastCall!;
    expect(wanted).toEqual(["source.toolkit.fluxcd.io/v1", "kustomize.toolkit.fluxcd.io/v1"]);
  });
});

const reach = { us: { state: "unreachable", why: "ECONNREFUSED", isSilent: false } } as const;

describe("a cluster that cannot be reached, in a delivery by agents", () => {
  it("is named before anything is declared, and told what all are told: its agent takes it when it can", async () => {
    answer({ reach, told: { us: told() } });
    const { world, problem } = await run();
    expect(problem).toBe("");
    expect(warnings()).toContain("cluster us cannot be reached: ECONNREFUSED; what is published for it");
    expect(Object.values(textsOf(world, "shop/ledger/rest")).join("\n")).toContain("GREETING: new");
    expect(find(world, "shop/us/live").inputs).toMatchObject({ held: false });
  });

  it("keeps what tells its agent as the state has it, whatever the release needs else: nothing is asked of the cluster", async () => {
    answer({ reach: { us: { ...reach.us, isSilent: true } }, told: { us: told() } });
    const { world } = await run();
    const declared = (name: string): Registration[] =>
      world.filter(({ name: of, type }) => of.startsWith(`shop/${name}/`) && type.startsWith("kubernetes:"));
    expect(declared("us").length).toBe(declared("eu").length);
    for (const { ignoreChanges } of declared("us")) expect(ignoreChanges).toEqual(["*"]);
    for (const { ignoreChanges } of declared("eu")) expect(ignoreChanges).toEqual([]);
    const settings = (name: string): unknown =>
      JSON.parse(String(find(world, `shop/${name}`, "pulumi:providers").inputs["kubeClientSettings"]));
    expect([settings("us"), settings("eu")]).toMatchObject([{ timeout: 1 }, { timeout: 30 }]);
  });

  it("is waited for, or not, as onUnreachable says: the preview and the gate know", async () => {
    answer({ reach, told: { us: told() } });
    const inputs = async (more: Partial<PullDeliveryArgs>): Promise<unknown> =>
      find((await run(more)).world, "shop/us/live").inputs["onUnreachable"];
    expect(await inputs({})).toBeUndefined();
    expect(warnings()).toContain("and nobody can tell here when it is live.");
    expect(await inputs({ onUnreachable: "fail" })).toBe("fail");
    expect(warnings()).toContain('and the update fails for it, as onUnreachable: "fail" says.');
    expect(await inputs({ onUnreachable: "skip" })).toBe("skip");
    expect(warnings()).toContain('and nobody waits for it, as onUnreachable: "skip" says.');
  });

  it("is not looked at by the gate of its wave either, where nobody is to wait for it", async () => {
    answer({ reach, told: { us: told() } });
    const looked = async (more: Partial<PullDeliveryArgs>): Promise<unknown> =>
      find((await run(more)).world, "shop/gate/rest").inputs["clusters"];
    expect(await looked({ onUnreachable: "skip" })).toEqual({});
    expect(await looked({})).toHaveProperty("us");
  });

  it("keeps the mark from saying that the release has succeeded there, and the last one that has stays known", async () => {
    answer({ reach, told: { us: told() } });
    const { world } = await run({}, "publishedNotVerified");
    const { files, message } = find(world, "shop/ledger/verified").inputs as Record<string, object>;
    expect(message).toMatchObject({ outcome: "partial" });
    const mark = JSON.parse(String(Object.values(files!)[0])) as { clusters: object };
    expect(mark.clusters).toMatchObject({ us: toldList("1").contentHash });
  });
});

describe("a cluster that is given up, in a delivery by agents", () => {
  const only = [{ name: "canary", clusters: [cluster("eu")] }];
  const given = (retired: "delete" | "orphan", more: Partial<PullDeliveryArgs> = {}): Promise<Run> =>
    run({ waves: only, retired: [{ ...cluster("us"), retired }], ...more } as never);

  it("has to be said to be: one that merely left the waves is refused before anything is declared", async () => {
    answer({ told: { eu: told(), us: told() } });
    const { world, problem } = await run({ waves: only } as never);
    expect(problem).toContain(
      `cluster "us" is in no wave any more, and the ledger says that it runs ${release("1").id}`,
    );
    expect(world.map(({ type }) => type)).toEqual(["delivery:pull:PullDelivery"]);
  });

  it.each(["delete", "orphan"] as const)(
    "is taken from its agent in this update, by %s, and its folder goes when that is done",
    async (how) => {
      answer({ told: { eu: told(), us: told() } });
      const { world, problem } = await given(how);
      expect(problem).toBe("");
      expect(find(world, "shop/us/live").inputs).toMatchObject({ cluster: "us", retired: how });
      expect(world.filter(({ name }) => name.startsWith("shop/us/")).map(({ name }) => name)).toEqual([
        "shop/us/live",
      ]);
      const mark = find(world, "shop/ledger/verified");
      expect(mark.inputs["retired"]).toEqual(["clusters/us"]);
      expect(mark.dependsOn).toContain("shop/us/live");
    },
  );

  it("is forgotten when the ledger has: what is left of it leaves the program", async () => {
    answer({ told: { eu: told() } });
    const { world } = await given("orphan");
    expect(world.filter(({ name }) => name.startsWith("shop/us/"))).toEqual([]);
    expect(find(world, "shop/ledger/verified").inputs["retired"]).toBeUndefined();
  });

  it("is not deleted by halves: where it cannot be reached, or others tell its agent, that is refused", async () => {
    answer({ reach, told: { eu: told(), us: told() } });
    expect((await given("delete")).problem).toContain(
      'retired cluster "us" cannot be reached (ECONNREFUSED), so nothing is deleted there; wait until it can be, or give "orphan"',
    );
    expect((await given("delete", { sources: "elsewhere" })).problem).toContain(
      'retired cluster "us" is told elsewhere where to read',
    );
    expect((await given("orphan")).problem).toBe("");
    expect(warnings()).toContain("PULUMI_K8S_DELETE_UNREACHABLE=true");
  });

  it("is only taken out of the ledger where others tell its agent", async () => {
    answer({ told: { eu: told(), us: told() } });
    const { world } = await given("orphan", { sources: "elsewhere" });
    expect(world.filter(({ name }) => name.startsWith("shop/us/"))).toEqual([]);
    expect(find(world, "shop/ledger/verified").inputs["retired"]).toEqual(["clusters/us"]);
  });
});

describe("a cluster that has another name now, in a delivery by agents", () => {
  it("is the same one, and its folder under the old name goes when it runs what is under the new one", async () => {
    answer({ told: { eu: told(), west: told() } });
    const renamed = { ...cluster("us"), formerly: ["west"] };
    const { world } = await run({ waves: [twoWaves[0], { name: "rest", clusters: [renamed] }] } as never);
    const gate = find(world, "shop/us/live");
    expect(gate.aliases).toContain("shop/west/live");
    expect(gate.inputs).toMatchObject({ cluster: "us", formerly: ["west"] });
    expect(find(world, "shop/ledger/verified").inputs["retired"]).toEqual(["clusters/west"]);
  });
});

describe("another cluster under the same name, in a delivery by agents", () => {
  const other = { reach: { us: { state: "reachable", uid: "v" } as const }, told: { us: told() } };

  it("is refused before anything is declared: its agent might be told what is for the other one", async () => {
    answer(other);
    const { world, problem } = await run();
    expect(problem).toContain(
      'cluster "us" is another one than before: the UID of its kube-system is v, and was u',
    );
    expect(world.map(({ type }) => type)).toEqual(["delivery:pull:PullDelivery"]);
  });

  it("is taken when it is said that it was built anew, and is the known one from then on", async () => {
    answer(other);
    const { world, problem } = await run({ rebuilt: ["us"] });
    expect(problem).toBe("");
    const [text] = Object.values(textsOf(world, "shop/ledger/verified"));
    expect(JSON.parse(text!)).toMatchObject({ identities: { us: "v" } });
  });
});

describe("a release without more than half of the files of a folder, in a delivery by agents", () => {
  it("is refused before anything is declared, also where it is a later wave that would lose them", async () => {
    const crowd = Array.from({ length: 9 }, (_, index) => configMap(`crowd-${index}`));
    answer({ told: { eu: told(), us: told(toldList("1", [...manifests("old"), ...crowd])) } });
    const { world, problem } = await run();
    expect(problem).toMatch(/9 of 14 files would be removed from "clusters\/us" .* allow: \["removals"\]/);
    expect(world.map(({ type }) => type)).toEqual(["delivery:pull:PullDelivery"]);
    expect((await run({ ledger: { ...ledger, allow: ["removals"] } })).problem).toBe("");
  });
});

import { beforeEach, describe, expect, it, vi } from "vitest";
import { migration } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import type { Told } from "../../../components/push/survey";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import {
  answer,
  configMap,
  declaredIn,
  greetingIn,
  ledger,
  manifests,
  release,
  told,
  toldList,
  twoWaves,
} from "./survey";
import { before, cluster, find, IMAGE } from "./world";

// Its process is compiled, and asks clusters and a server: test/e2e has them.
vi.mock("../../../components/push/survey/sync", () => ({ surveySync: vi.fn() }));

beforeEach(() => answer({}));

interface Run {
  readonly world: Registration[];
  readonly record: Record<string, unknown>;
  readonly problem: string;
}
async function run(args: Partial<PushDeliveryArgs> = {}): Promise<Run> {
  let record: Record<string, unknown> = {};
  let problem = "";
  const world = await registrations(() => {
    const base = { waves: twoWaves, manifests: manifests("new"), release: release("2"), ledger };
    try {
      const delivery = new PushDelivery("shop", { ...base, ...args } as PushDeliveryArgs);
      delivery.record.apply((value) => (record = value));
    } catch (error) {
      problem = (error as Error).message;
    }
  });
  return { world, record, problem };
}
const textsOf = (world: readonly Registration[], commit: string): Record<string, string> =>
  find(world, commit).inputs["files"] as Record<string, string>;
const OLD = "shop/eu/core/ConfigMap/shop/old";

describe("the record of a cluster", () => {
  it("names the release before, also when it is told the same one again", async () => {
    const now = toldList("2", manifests("new"));
    answer({ told: { eu: told(now, { previous: release("1").id }), us: told() } });
    const { record } = await run();
    expect(record).toMatchObject({ eu: { previous: release("1").id }, us: { previous: release("1").id } });
  });
});

describe("an object that a release no longer has", () => {
  const before1 = toldList("1", [...manifests("old"), configMap("old")]);

  it("is declared once more as it was told, and is no longer part of what the ledger has", async () => {
    answer({ told: { eu: told(before1), us: told() } });
    const { world } = await run();
    expect(find(world, OLD).inputs).toMatchObject({ kind: "ConfigMap", data: { a: "1" } });
    expect(Object.keys(textsOf(world, "shop/ledger/canary")).join()).not.toContain("shop_old");
    expect(declaredIn(world, "us").map(({ name }) => name)).not.toContain("shop/us/core/ConfigMap/shop/old");
  });

  it("leaves with the next update, once all of it has succeeded", async () => {
    answer({ told: { eu: told(toldList("2", manifests("new")), { earlier: [] }) } });
    expect((await run()).world.map(({ name }) => name)).not.toContain(OLD);
  });

  it("stays as long as its release has not succeeded, however often it is tried", async () => {
    const failed = told(toldList("2", manifests("new")), {
      verified: before1.contentHash,
      earlier: before1.objects,
    });
    answer({ told: { eu: failed } });
    const { world } = await run();
    expect(find(world, OLD).inputs["data"]).toEqual({ a: "1" });
    expect(greetingIn(world, "eu")).toEqual({ GREETING: "new" });
  });

  it("is not made when it never came to the cluster: the way back from what could not be applied is free", async () => {
    const broken = toldList("2", [...manifests("new"), configMap("old"), configMap("came")]);
    const list = told(broken, { verified: "1", earlier: toldList("1").objects });
    answer({ told: { eu: list }, missing: { eu: ["core/ConfigMap/shop/old"] } });
    const names = (await run({ manifests: manifests("old"), release: release("1") })).world.map(
      ({ name }) => name,
    );
    expect(names).not.toContain(OLD);
    expect(names).toContain("shop/eu/core/ConfigMap/shop/came");
  });

  it("is declared as it was told last, where several releases had it", async () => {
    const last = { ...configMap("old"), data: { a: "2" } };
    const now = toldList("2", [...manifests("new"), last]);
    answer({ told: { eu: told(now, { verified: "1", earlier: before1.objects }) } });
    expect(find((await run()).world, OLD).inputs["data"]).toEqual({ a: "2" });
  });

  it("is not kept when it is a Job: that is over, and one that has failed would be run anew", async () => {
    const job = { ...configMap("old"), apiVersion: "batch/v1", kind: "Job" };
    const list = toldList("1", manifests("old"));
    answer({ told: { eu: told({ ...list, objects: [...list.objects, job] }) } });
    expect((await run()).world.filter(({ type }) => type.endsWith(":Job"))).toEqual([]);
  });
});

describe("a definition of a kind", () => {
  it("stays in the cluster when it leaves the program, and all objects of its kind with it", async () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
    };
    const { world } = await run({
      ledger: undefined as never,
      manifests: [...manifests("new"), definition],
      clusterScope: ["CustomResourceDefinition"],
      manifestChecks: "sink",
    });
    const kept = world.filter(({ retained }) => retained).map(({ inputs }) => inputs["kind"]);
    expect(new Set(kept)).toEqual(new Set(["Namespace", "CustomResourceDefinition"]));
  });
});

describe("a pinned cluster", () => {
  const pins = { us: release("1").id };

  it("stays at its release with the bytes that it was told, and no gate looks at it", async () => {
    const list = toldList("1");
    answer({ told: { us: told(list, { pinned: list }) } });
    const { world, record } = await run({ pins });
    expect([greetingIn(world, "eu"), greetingIn(world, "us")]).toEqual([
      { GREETING: "new" },
      { GREETING: "old" },
    ]);
    const texts = Object.values(textsOf(world, "shop/ledger/rest"));
    expect(texts.sort()).toEqual(Object.values(list.files).sort());
    expect(find(world, "shop/gate/rest").inputs["clusters"]).toEqual({});
    expect(record["us"]).toMatchObject({ state: "held", release: release("1").id });
    expect(record["eu"]).toMatchObject({ state: "live", release: release("2").id });
  });

  it("goes back to its release when it was told another one since, and its gate looks at it", async () => {
    const now = toldList("2", [...manifests("newer"), configMap("added")]);
    answer({ told: { us: told(now, { pinned: toldList("1"), previous: release("1").id }) } });
    const { world, record } = await run({ pins });
    expect(greetingIn(world, "us")).toEqual({ GREETING: "old" });
    expect(find(world, "shop/us/core/ConfigMap/shop/added").inputs["data"]).toEqual({ a: "1" });
    expect(Object.keys(find(world, "shop/gate/rest").inputs["clusters"] as object)).toEqual(["us"]);
    expect(record["us"]).toMatchObject({ state: "held", previous: release("2").id });
  });

  it.each<[string, Partial<Told>, "verified" | "partial"]>([
    ["was told this release before", { list: toldList("2"), previous: release("1").id }, "partial"],
    ["has been brought back from it since", { list: toldList("1"), previous: release("2").id }, "partial"],
    ["never had it", { list: toldList("1"), previous: release("0").id }, "verified"],
  ])("keeps the release from being verified when it %s", async (_what, known, outcome) => {
    answer({ told: { us: { ...told(toldList("1"), { pinned: toldList("1") }), ...known } } });
    const { inputs } = find((await run({ pins })).world, "shop/ledger/verified");
    expect(inputs["message"]).toMatchObject({ outcome });
    const [text] = Object.values(inputs["files"] as Record<string, string>);
    const { clusters, takenBack } = JSON.parse(text!) as Record<string, object>;
    expect(takenBack).toEqual(outcome === "partial" ? ["us"] : undefined);
    expect(clusters).toMatchObject({ us: toldList("1").contentHash });
  });

  it("is refused at a release that it was never told, with those that it was", async () => {
    answer({ told: { us: told(toldList("3"), { previous: release("2").id }) } });
    expect((await run({ pins })).problem).toContain(
      `cluster "us" is pinned to ${release("1").id}, which it was never told; ` +
        `it was told ${release("3").id}, ${release("2").id}`,
    );
  });

  it("is refused when it is in no wave, or there is no ledger", async () => {
    expect((await run({ pins: { asia: "x" } })).problem).toContain(
      'pins names cluster "asia", which is in no wave',
    );
    const bare = await run({ pins, ledger: undefined as never });
    expect(bare.problem).toContain("pins and retired need a ledger");
  });
});

describe("a cluster that left the waves", () => {
  const gone = { told: { eu: told(), us: told(), asia: told() } };
  const asia = (retired: "delete" | "orphan"): Partial<PushDeliveryArgs> => ({
    retired: [{ ...cluster("asia"), retired }],
  });

  it("is refused as long as the ledger says that it runs something, with what to do", async () => {
    answer(gone);
    expect((await run()).problem).toMatch(
      /cluster "asia" is in no wave any more, and the ledger says that it runs shop-1+; put it back, or retire it/,
    );
  });

  it("has nothing declared when what it runs is to be deleted, and the mark takes its folder along", async () => {
    answer(gone);
    const { world } = await run(asia("delete"));
    expect(declaredIn(world, "asia")).toEqual([]);
    expect(find(world, "shop/ledger/verified").inputs["retired"]).toEqual(["clusters/asia"]);
  });

  it("is declared once more, to be kept, when it is orphaned, and the mark takes its folder along", async () => {
    answer(gone);
    const { world } = await run(asia("orphan"));
    const declared = declaredIn(world, "asia");
    expect(declared.length).toBeGreaterThan(4);
    expect(declared.every(({ retained }) => retained)).toBe(true);
    expect(greetingIn(world, "asia")).toEqual({ GREETING: "old" });
    expect([...before(world, "shop/asia/core/ConfigMap/shop/shop-release")].join()).not.toMatch(
      /gate|ledger/,
    );
    expect(find(world, "shop/ledger/verified").inputs["retired"]).toEqual(["clusters/asia"]);
  });

  it("has no migration made for it when it is orphaned at a release that it went back to", async () => {
    const job = migration({ name: "migrate", image: IMAGE, release: "shop-000000000001" });
    const list = toldList("1", [...manifests("old"), ...job]);
    answer({ told: { ...gone.told, asia: told(list, { isWayBack: true }) } });
    const declared = declaredIn((await run(asia("orphan"))).world, "asia");
    expect(declared.filter(({ type }) => type.endsWith(":Job"))).toEqual([]);
    expect(declared.length).toBeGreaterThan(4);
  });

  it("is no other one when it was only renamed: what it was told goes with it, and its former folder goes", async () => {
    answer({ told: { us: told(), asia: told(toldList("1", [...manifests("old"), configMap("old")])) } });
    const renamed = [{ name: "all", clusters: [{ ...cluster("eu"), formerly: ["asia"] }, cluster("us")] }];
    const { world, problem } = await run({ waves: renamed });
    expect(problem).toBe("");
    expect(find(world, OLD).inputs["data"]).toEqual({ a: "1" });
    expect(find(world, "shop/ledger/verified").inputs["retired"]).toEqual(["clusters/asia"]);
  });

  it("is let go once the ledger has forgotten it", async () => {
    answer({ told: { eu: told(), us: told() } });
    expect(declaredIn((await run(asia("orphan"))).world, "asia")).toEqual([]);
    expect((await run()).problem).toBe("");
  });

  it("cannot be in a wave and retired", async () => {
    const { problem } = await run({ retired: [{ ...cluster("us"), retired: "delete" }] });
    expect(problem).toContain('retired cluster "us" is in a wave, too');
  });
});

describe("another cluster under the same name", () => {
  const other = { reach: { us: { state: "reachable", uid: "v" } as const }, told: { us: told() } };

  it("is refused, with both identities", async () => {
    answer(other);
    expect((await run()).problem).toContain(
      'cluster "us" is another one than before: the UID of its kube-system is v, and was u',
    );
  });

  it("is taken when it is said that it was built anew, and is the known one from then on", async () => {
    answer(other);
    const { world, problem } = await run({ rebuilt: ["us"] });
    expect(problem).toBe("");
    const [text] = Object.values(textsOf(world, "shop/ledger/verified"));
    expect(JSON.parse(text!)).toMatchObject({ identities: { us: "v" } });
  });
});

describe("an object that somebody else has made", () => {
  const foreign = { us: [{ title: "ConfigMap shop/web-config", owner: "kubectl" }] };

  it("is refused by its cluster, its name and its owner, with what to do", async () => {
    answer({ foreign });
    expect((await run()).problem).toContain(
      'cluster "us" has ConfigMap shop/web-config already, and it is kubectl\'s; give it another name, remove it there, ' +
        "or take it over with adopt: true for one update",
    );
  });

  it("is taken over where that is said", async () => {
    answer({ foreign });
    expect(greetingIn((await run({ adopt: true })).world, "us")).toEqual({ GREETING: "new" });
  });
});

describe("a ledger that cannot be read", () => {
  const ledgerProblem = "git.example.com cannot be reached";

  it("is no error for what does not need it", async () => {
    answer({ ledgerProblem });
    expect((await run()).problem).toBe("");
  });

  it("is one for a pin, which is nothing without it", async () => {
    answer({ ledgerProblem });
    expect((await run({ pins: { us: "x" } })).problem).toContain(
      "cannot be read: git.example.com cannot be reached",
    );
  });
});

describe("names", () => {
  it("are the same for a cluster that is held, skipped or delivered to: a state of before goes on", async () => {
    const urns = async (args: Partial<PushDeliveryArgs> = {}): Promise<string[]> =>
      declaredIn((await run(args)).world, "us").map(({ urn }) => urn);
    const delivered = await urns();
    const list = toldList("1");
    answer({ told: { us: told(list, { pinned: list }) } });
    expect(await urns({ pins: { us: release("1").id } })).toEqual(delivered);
    answer({ told: { us: told() }, reach: { us: { state: "unreachable", why: "x", isSilent: false } } });
    expect(await urns({ onUnreachable: "skip" })).toEqual(delivered);
    expect(delivered.length).toBeGreaterThan(5);
  });
});

describe("a field that a cluster refuses to change", () => {
  const web = (label: string): Manifest => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "api" },
    spec: {
      selector: { matchLabels: { app: label } },
      template: {
        metadata: { labels: { app: label } },
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "api",
              image: IMAGE,
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  });
  const base = (label: string): Manifest[] => [...manifests("old"), web(label)];

  it("is named with its object before anything is declared, for all clusters at once, and what to do", async () => {
    answer({ told: { eu: told(toldList("1", base("a"))), us: told(toldList("1", base("a"))) } });
    const { problem, world } = await run({ manifests: base("b") });
    expect(problem).toContain(
      "Deployment shop/api: spec.selector changes, which a cluster refuses; " +
        "give the object another name, or leave it out for one release (in eu, us)",
    );
    expect(world.map(({ type }) => type)).toEqual(["delivery:push:PushDelivery"]);
  });

  it("may be what the cluster has, where what it was told last has not succeeded", async () => {
    const failed = told(toldList("2", base("b")), {
      verified: "0",
      earlier: toldList("1", base("a")).objects,
    });
    answer({ told: { eu: failed } });
    expect((await run({ manifests: base("a") })).problem).toBe("");
    expect((await run({ manifests: base("c") })).problem).toContain("spec.selector changes");
  });

  it("does not stand in the way of a release that was made before, nor where nothing is told", async () => {
    answer({ told: { eu: told(toldList("1", base("a"))) } });
    expect((await run({ manifests: base("b"), manifestChecks: "sink" })).problem).toBe("");
    const reach = { eu: { state: "unreachable", why: "it is gone", isSilent: false } } as const;
    answer({ reach, told: { eu: told(toldList("1", base("a"))) } });
    expect((await run({ manifests: base("b"), onUnreachable: "skip" })).problem).toBe("");
    const held = toldList("1", base("a"));
    answer({ told: { us: told(held, { pinned: held }) } });
    expect((await run({ manifests: base("b"), pins: { us: release("1").id } })).problem).toBe("");
  });
});

describe("a cluster that failed its checks and was let through", () => {
  async function markAfter(failed: Record<string, string>, known = {}): Promise<Registration> {
    answer({ told: known });
    const world = await registrations(
      () =>
        new PushDelivery("shop", {
          waves: twoWaves,
          manifests: manifests("new"),
          release: release("2"),
          ledger,
        }),
      { outputs: ({ name }) => (name === "shop/gate/canary" ? { failed } : {}) },
    );
    return find(world, "shop/ledger/verified");
  }
  const textOf = ({ inputs }: Registration): Record<string, unknown> =>
    JSON.parse(Object.values(inputs["files"] as Record<string, string>)[0]!) as Record<string, unknown>;

  it("keeps its release from being verified, and the mark names it", async () => {
    const mark = await markAfter({ eu: "it crashes" });
    expect(mark.inputs["message"]).toMatchObject({
      subject: `${release("2").id} failed in eu`,
      outcome: "partial",
    });
    expect(textOf(mark)).toMatchObject({ failed: ["eu"] });
    expect(Object.keys(textOf(mark)["clusters"] as object)).toEqual(["us"]);
  });

  it("keeps what has succeeded there last, so that what may still be in it is known", async () => {
    expect(textOf(await markAfter({ eu: "it crashes" }, { eu: told() }))["clusters"]).toMatchObject({
      eu: toldList("1").contentHash,
    });
  });

  it("is verified with all others, once none has failed", async () => {
    const mark = await markAfter({});
    expect(mark.inputs["message"]).toMatchObject({ outcome: "verified" });
    expect(textOf(mark)).not.toHaveProperty("failed");
    expect(Object.keys(textOf(mark)["clusters"] as object)).toEqual(["eu", "us"]);
  });
});

describe("a migration in the list that a cluster is held at", () => {
  it("is not run again, unless it says so", async () => {
    const run1 = (onRollback: "skip" | "run"): Manifest[] => [
      ...manifests("old"),
      ...migration({ name: "migrate", image: IMAGE, release: release("1").id, onRollback }),
    ];
    const jobsIn = async (onRollback: "skip" | "run"): Promise<string[]> => {
      const pinned = toldList("1", run1(onRollback));
      answer({ told: { eu: told(toldList("2"), { pinned }) } });
      const { world } = await run({ pins: { eu: release("1").id } });
      return declaredIn(world, "eu").flatMap(({ inputs }) => (inputs["kind"] === "Job" ? ["Job"] : []));
    };
    expect(await jobsIn("skip")).toEqual([]);
    expect(await jobsIn("run")).toEqual(["Job"]);
  });

  it.each([
    ["stays when it is held where it came to on the way forward: nothing of it changes", false, ["Job"]],
    ["is not made when it is held where it went back to", true, []],
  ] as const)("%s", async (_what, isWayBack, expected) => {
    const job = migration({ name: "migrate", image: IMAGE, release: release("1").id });
    const pinned = toldList("1", [...manifests("old"), ...job]);
    answer({ told: { eu: told(pinned, { pinned, isWayBack }) } });
    const { world } = await run({ pins: { eu: release("1").id } });
    const jobs = declaredIn(world, "eu").flatMap(({ inputs }) => (inputs["kind"] === "Job" ? ["Job"] : []));
    expect(jobs).toEqual(expected);
  });
});

import { describe, expect, it } from "vitest";
import { app, migration } from "../../../components/manifests";
import type { Manifest, MigrationArgs } from "../../../components/manifests";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, cluster, find, IMAGE } from "./world";

const RELEASE = "shop-0123456789ab";
const JOB = "batch/Job/shop/migrate-0123456789ab";
const WORKLOAD = "apps/Deployment/shop/web";
const ledger = { repository: "https://git.example.com/acme/deploy.git" };

const migrate = (more: Partial<MigrationArgs> = {}): Manifest[] => [
  ...app({ name: "web", image: IMAGE, port: 8080 }),
  ...migration({ name: "migrate", image: IMAGE, release: RELEASE, config: { A: "1" }, ...more }),
];
const waves: PushDeliveryArgs["waves"] = [
  { name: "canary", clusters: ["eu", "us"].map(cluster), maxParallel: 2 },
  { name: "rest", clusters: [cluster("ap")] },
];
const run = (manifests: Manifest[], more: Partial<PushDeliveryArgs> = {}): Promise<Registration[]> =>
  registrations(() => new PushDelivery("shop", { manifests, waves, ...more } as PushDeliveryArgs));

const runsIn = (world: readonly Registration[]): string[] =>
  world.filter(({ name }) => name.endsWith(JOB)).map(({ name }) => name.split("/")[1]!);
const filesOf = (world: readonly Registration[], wave: string): string[] =>
  Object.keys(find(world, `shop/ledger/${wave}`).inputs["files"] as object);

describe("a migration of each cluster", () => {
  it("runs in every cluster, and is over before a workload of that cluster starts", async () => {
    const world = await run(migrate());
    expect(runsIn(world)).toEqual(["eu", "us", "ap"]);
    for (const name of ["eu", "us", "ap"])
      expect(before(world, `shop/${name}/${WORKLOAD}`)).toContain(`shop/${name}/${JOB}`);
    expect(before(world, `shop/us/${JOB}`)).not.toContain(`shop/eu/${JOB}`);
  });

  it("is waited for as long as it may take, and run anew by the next update when it has failed", async () => {
    const world = await run(migrate({ deadlineSeconds: 900 }));
    const { metadata } = find(world, `shop/eu/${JOB}`).inputs as unknown as Manifest;
    expect(metadata.annotations).toMatchObject({
      "pulumi.com/replaceUnready": "true",
      "pulumi.com/timeoutSeconds": "960",
    });
    expect(metadata.annotations).not.toHaveProperty(["pulumi.com/skipAwait"]);
  });
});

describe("a migration of the environment", () => {
  it("runs in the first cluster of the first wave alone, and every other cluster waits for it", async () => {
    const world = await run(migrate({ oncePer: "environment" }));
    expect(runsIn(world)).toEqual(["eu"]);
    for (const name of ["eu", "us", "ap"])
      expect(before(world, `shop/${name}/${WORKLOAD}`)).toContain(`shop/eu/${JOB}`);
  });

  it("is no part of what the other clusters are told, by the ledger neither", async () => {
    const world = await run(migrate({ oncePer: "environment" }), { ledger });
    const migrations = [...filesOf(world, "canary"), ...filesOf(world, "rest")].filter((path) =>
      path.includes("/migration_"),
    );
    expect(migrations.map((path) => path.split("/")[1])).toEqual(["eu", "eu", "eu"]);
  });

  it("is the first's that has it, where each cluster has objects of its own", async () => {
    const manifests = (name: string): Manifest[] =>
      name === "eu" ? app({ name: "web", image: IMAGE, port: 8080 }) : migrate({ oncePer: "environment" });
    const world = await registrations(() => new PushDelivery("shop", { manifests, waves: waves! }));
    expect(runsIn(world)).toEqual(["us"]);
  });
});

describe("a migration on the way back", () => {
  it("is left out with all that it needs, and nothing waits for it", async () => {
    const world = await run(migrate(), { isWayBack: () => true });
    expect(world.filter(({ name }) => name.includes("migrate"))).toEqual([]);
    expect(find(world, "shop/gate/canary").inputs).toMatchObject({
      workloads: { eu: ["Deployment shop/web"], us: ["Deployment shop/web"] },
    });
  });

  it("runs where it says so", async () => {
    const world = await run(migrate({ onRollback: "run" }), { isWayBack: () => true });
    expect(runsIn(world)).toEqual(["eu", "us", "ap"]);
  });

  it("leaves the bytes of the release as they were: in the ledger, and in the content's hash", async () => {
    const there = await run(migrate(), { ledger });
    const back = await run(migrate(), { ledger, isWayBack: () => true });
    const recorded = (world: readonly Registration[]): unknown =>
      find(world, "shop/ledger/canary").inputs["files"];
    expect(recorded(back)).toEqual(recorded(there));
    expect(find(back, "shop/gate/canary").inputs["clusters"]).toEqual(
      find(there, "shop/gate/canary").inputs["clusters"],
    );
  });

  it("is asked for once, and not at all without a migration that would be left out", async () => {
    let asked = 0;
    const isWayBack = (): boolean => {
      asked += 1;
      return true;
    };
    await run(migrate({ onRollback: "run" }), { isWayBack });
    expect(asked).toBe(0);
    await run(migrate(), { isWayBack });
    expect(asked).toBe(1);
  });
});

import { describe, expect, it } from "vitest";
import { app, migration } from "../../../components/manifests";
import type { Manifest, MigrationArgs } from "../../../components/manifests";
import { PullDelivery } from "../../../components/pull";
import type { PullDeliveryArgs } from "../../../components/pull";
import { PushDelivery } from "../../../components/push";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, cluster, find, IMAGE } from "../push/world";

const JOB = "batch/Job/shop/migrate-0123456789ab";
const ledger = { repository: "https://git.example.com/acme/deploy.git" };
const waves = [
  { name: "canary", clusters: [cluster("eu")] },
  { name: "rest", clusters: [cluster("us"), cluster("ap")] },
];
const TREES = { "clusters/eu": "1", "clusters/us": "2", "clusters/ap": "3" };
const outputs = { outputs: () => ({ commit: "c".repeat(40), trees: TREES, result: "published" }) };
const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "shared" }, data: { A: "1" } };
const migrate = (more: Partial<MigrationArgs> = {}): Manifest[] => [
  ...app({ name: "web", image: IMAGE, port: 8080 }),
  settings,
  ...migration({ name: "migrate", image: IMAGE, release: "shop-0123456789ab", config: { A: "1" }, ...more }),
];
const run = (manifests: Manifest[], more: Partial<PullDeliveryArgs> = {}): Promise<Registration[]> =>
  registrations(
    () => new PullDelivery("shop", { manifests, waves, ledger, ...more } as PullDeliveryArgs),
    outputs,
  );
const runsIn = (world: readonly Registration[]): string[] =>
  world.filter(({ name }) => name.endsWith(JOB)).map(({ name }) => name.split("/")[1]!);

describe("a migration of a delivery by agents", () => {
  it("is over before anything of its cluster is published, so before the agent can start a workload", async () => {
    const world = await run(migrate());
    expect(runsIn(world)).toEqual(["eu", "us", "ap"]);
    expect(find(world, "shop/ledger/canary").dependsOn).toContain(`shop/eu/${JOB}`);
    for (const name of ["us", "ap"])
      expect(find(world, "shop/ledger/rest").dependsOn).toContain(`shop/${name}/${JOB}`);
  });

  it("begins when the wave before it is live, and has its account and its settings", async () => {
    const all = before(await run(migrate()), `shop/us/${JOB}`);
    expect([...all]).toEqual(
      expect.arrayContaining([
        "shop/gate/canary",
        "shop/us/core/Namespace//shop",
        "shop/us/core/ServiceAccount/shop/migrate",
        "shop/us/core/ConfigMap/shop/migrate-config",
      ]),
    );
  });

  it("runs in the first cluster alone where the environment shares it, and all others wait for it", async () => {
    const world = await run(migrate({ oncePer: "environment" }));
    expect(runsIn(world)).toEqual(["eu"]);
    for (const name of ["shop/ledger/canary", "shop/ledger/rest"])
      expect(before(world, name)).toContain(`shop/eu/${JOB}`);
  });

  it("is left out on the way back", async () => {
    const world = await run(migrate(), { isWayBack: () => true });
    expect(world.filter(({ name }) => name.includes("migrate"))).toEqual([]);
  });

  it("is published as a push publishes it, in files that the agent does not see, by an account without rights to jobs", async () => {
    const world = await run(migrate());
    const pushed = await registrations(
      () => new PushDelivery("shop", { manifests: migrate(), waves, ledger }),
      outputs,
    );
    const files = (of: readonly Registration[]): Record<string, string> =>
      find(of, "shop/ledger/canary").inputs["files"] as Record<string, string>;
    expect(files(world)).toEqual(files(pushed));
    const hidden = Object.keys(files(world)).filter((path) => path.includes("migrate"));
    expect(hidden).toHaveLength(3);
    for (const path of hidden) expect(path).toMatch(/^clusters\/eu\/migration_/);
    const source = world.find(({ inputs }) => inputs["kind"] === "GitRepository");
    expect((source?.inputs["spec"] as { ignore: string }).ignore.split("\n")).toContain(
      "/clusters/*/migration_*",
    );
    const roles = world.filter(({ inputs }) => inputs["kind"] === "Role");
    expect(roles.length).toBeGreaterThan(0);
    expect(JSON.stringify(roles.map(({ inputs }) => inputs["rules"]))).not.toContain('"jobs"');
  });

  it("is refused when it reads what the agent applies after it, with what to do", async () => {
    const manifests = migrate({
      transform: {
        Job: (made) => {
          const job = structuredClone(made) as unknown as {
            spec: { template: { spec: { containers: { envFrom: object[] }[] } } };
          };
          job.spec.template.spec.containers[0]!.envFrom = [{ configMapRef: { name: "shared" } }];
          return job as unknown as Manifest;
        },
      },
    });
    const said = await run(manifests).then(String, String);
    expect(said).toContain(
      'Job shop/migrate-0123456789ab (migration("migrate")) reads ConfigMap shared, and an agent applies that after',
    );
    expect(said).toContain('give the migration its own "config"');
    expect(said.match(/reads ConfigMap/g)).toHaveLength(1);
  });
});

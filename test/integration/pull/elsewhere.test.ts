import { describe, expect, it } from "vitest";
import { app, migration } from "../../../components/manifests";
import { PullDelivery } from "../../../components/pull";
import type { PullDeliveryArgs } from "../../../components/pull";
import { syncGate } from "../../../components/provider";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, cluster, find } from "../push/world";

const image = `r/web@sha256:${"a".repeat(64)}`;
const base = {
  waves: [
    { name: "canary", clusters: [cluster("eu")] },
    { name: "rest", clusters: [cluster("us")] },
  ],
  ledger: { repository: "https://git.example.com/acme/deploy.git" },
  manifests: app({ name: "web", image, port: 80 }),
  sources: "elsewhere",
} as const;
const outputs = { outputs: () => ({ commit: "c".repeat(40), trees: {}, result: "published" }) };
const run = (more: Partial<PullDeliveryArgs> = {}): Promise<Registration[]> =>
  registrations(() => new PullDelivery("shop", { ...base, ...more } as PullDeliveryArgs), outputs);
const refused = (more: Partial<PullDeliveryArgs>): Promise<string> => run(more).then(String, String);

describe("a delivery whose agents are told elsewhere where to read", () => {
  it("commits and watches, wave by wave, and changes nothing in a cluster: it needs no provider of Kubernetes", async () => {
    const world = await run();
    expect(world.filter(({ type }) => type.includes("kubernetes"))).toEqual([]);
    expect(before(world, "shop/ledger/rest")).toContain("shop/gate/canary");
    expect(before(world, "shop/us/live")).toContain("shop/ledger/rest");
    expect(find(world, "shop/eu/live").inputs).toMatchObject({ owned: false, name: "shop-delivery" });
  });

  it("has as many resources whatever the number of objects", async () => {
    const many = Array.from({ length: 50 }, (_, index) => ({
      ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: `config-${index}` }, data: {} },
    }));
    expect(await run({ manifests: [...base.manifests, ...many] })).toHaveLength((await run()).length);
  });

  it("is refused with a kind that the account may not change, where that is known, whatever its version", async () => {
    const kinds = [
      { apiVersion: "apps/v1beta2", kind: "Deployment" },
      { apiVersion: "v1", kind: "ConfigMap" },
      { apiVersion: "v1", kind: "ServiceAccount" },
    ];
    const said = await refused({ kinds });
    expect(said).toContain(
      'kinds lacks { apiVersion: "v1", kind: "Service" }, which the agents are to apply; add it',
    );
    expect(said).not.toContain("Deployment");
    expect(await refused({ kinds: [...kinds, { apiVersion: "v1", kind: "Service" }] })).not.toContain(
      "kinds lacks",
    );
    expect(await refused({ kinds, sources: "here" })).toContain('kinds is given, and sources is "here"');
  });

  it("leaves the agent's objects alone when it is destroyed: they are another stack's", async () => {
    const context = "a context that is in no kubeconfig";
    await expect(
      syncGate.delete("id", { owned: false, access: { context } } as never),
    ).resolves.toBeUndefined();
  });

  it("refuses what would have to be made here, all of it at once", async () => {
    const said = await refused({
      credentials: { kind: "token", token: "t" },
      webhook: { url: "https://flux.example.com", token: "t" },
      secrets: "direct",
    });
    expect(said).toContain('credentials is given, and sources is "elsewhere"; give it to the FluxSource');
    expect(said).toContain('webhook is given, and sources is "elsewhere"');
    expect(said).toContain('secrets is "direct", which needs sources: "here"');
    expect(await refused({ sources: "there" as never })).toContain(
      'sources is "there"; give "here" or "elsewhere"',
    );
    const manifests = [
      ...base.manifests,
      ...migration({ name: "migrate", release: "shop-000000000001", image }),
    ];
    expect(await refused({ manifests })).toContain("is a migration, which is run here");
  });
});

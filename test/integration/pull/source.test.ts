import { describe, expect, it } from "vitest";
import { FluxSource } from "../../../components/pull";
import type { FluxSourceArgs } from "../../../components/pull";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { cluster } from "../push/world";

const args: FluxSourceArgs = {
  cluster: cluster("eu"),
  repository: "https://git.example.com/acme/deploy.git",
  branch: "deploy/web/prod",
  kinds: [
    { apiVersion: "apps/v1", kind: "Deployment" },
    { apiVersion: "v1", kind: "Service" },
  ],
};
const run = (more: Partial<FluxSourceArgs> = {}): Promise<Registration[]> =>
  registrations(() => new FluxSource("web", { ...args, ...more }));
const specOf = (world: readonly Registration[], kind: string): unknown =>
  world.find(({ type }) => type.endsWith(`:${kind}`))?.inputs["spec"];

describe("a source of Flux alone", () => {
  it("is told the branch that others publish to, and the folder of its cluster", async () => {
    const world = await run();
    expect(specOf(world, "GitRepository")).toMatchObject({
      ...{ url: args.repository, ref: { branch: "deploy/web/prod" }, sparseCheckout: ["clusters/eu"] },
    });
    expect(specOf(world, "Kustomization")).toMatchObject({
      ...{ path: "./clusters/eu", serviceAccountName: "web-delivery", deletionPolicy: "Orphan" },
    });
  });

  it("publishes nothing, and waits for nothing", async () => {
    const types = (await run()).map(({ type }) => type);
    expect(types.filter((type) => /GitCommit|SyncGate|:Gate/.test(type))).toEqual([]);
  });

  it("is taken from the agent before its objects are deleted, so that a dead one keeps no destroy waiting", async () => {
    const world = await run();
    const release = world.find(({ type }) => type.endsWith(":AgentRelease"))!;
    for (const kind of ["GitRepository", "Kustomization", "ServiceAccount"])
      expect(release.dependsOn.some((name) => name.includes(`/${kind}/`))).toBe(true);
    expect(release.inputs).toMatchObject({ cluster: "eu", namespace: "web", name: "web-delivery" });
  });

  it("lets its account change the kinds that are named, and no other", async () => {
    const roles = (await run()).filter(({ type }) => type.endsWith(":Role"));
    const rules = roles.flatMap(
      ({ inputs }) => inputs["rules"] as { resources: string[]; verbs: string[] }[],
    );
    const changed = rules
      .filter(({ verbs }) => verbs.includes("patch"))
      .flatMap(({ resources }) => resources);
    expect(changed.sort()).toEqual(["deployments", "services"]);
  });

  it("has every problem said at once", async () => {
    const said = await run({ kinds: [], interval: "10" as "10s" }).then(String, String);
    expect(said).toContain("kinds is empty; name what is applied");
    expect(said).toContain('interval is "10"');
    expect(await run({ kinds: [{ kind: "Service" } as never] }).then(String, String)).toContain("kinds has");
  });
});

import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { app } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { PushDelivery } from "../../../components/push";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, cluster, find } from "./world";

const manifests = app({ name: "web", image: `r/web@sha256:${"a".repeat(64)}`, port: 80, config: { A: "1" } });
const ledger = { repository: "https://git.example.com/acme/deploy.git" };
const waves = [
  { name: "canary", clusters: [cluster("eu")] },
  { name: "rest", clusters: [cluster("us"), cluster("asia")] },
];
const run = (list: readonly Manifest[] = manifests): Promise<Registration[]> =>
  registrations(() => new PushDelivery("shop", { manifests: list, waves, ledger }));

const MARK = "shop/ledger/verified";
const commitsOf = (world: readonly Registration[]): Registration[] =>
  world.filter(({ type, name }) => type.endsWith(":GitCommit") && name !== MARK);
const filesOf = (commit: Registration): Record<string, string> =>
  commit.inputs["files"] as Record<string, string>;

describe("a delivery with a ledger", () => {
  it("records each wave in one commit that owns the folders of its clusters and no others", async () => {
    const commits = commitsOf(await run());
    expect(commits.map(({ inputs }) => inputs["prefixes"])).toEqual([
      ["clusters/eu"],
      ["clusters/us", "clusters/asia"],
    ]);
  });

  it("records every object of a cluster as it is applied, the record included, and nothing that Pulumi adds", async () => {
    const world = await run();
    const files = filesOf(commitsOf(world)[0]!);
    const recorded = Object.values(files).map((text) => parse(text) as Manifest);
    const applied = world.filter(({ name }) => name.startsWith("shop/eu/") && !name.includes("Namespace"));
    expect(recorded.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual(
      applied.map(({ inputs }) => `${inputs["kind"]}/${(inputs as Manifest).metadata.name}`).sort(),
    );
    expect(Object.values(files).join()).not.toContain("pulumi.com/");
  });

  it("records a wave before anything of it is applied, and after the gate of the wave before it", async () => {
    const world = await run();
    expect(find(world, "shop/ledger/canary").dependsOn).toEqual([]);
    expect(before(world, "shop/eu/core/Namespace//shop")).toContain("shop/ledger/canary");
    expect(find(world, "shop/ledger/rest").dependsOn).toContain("shop/gate/canary");
    expect(before(world, "shop/us/core/Namespace//shop")).toContain("shop/ledger/rest");
  });

  it("goes to a branch of the application and the stack, unless another one is named", async () => {
    expect(commitsOf(await run())[0]!.inputs["branch"]).toBe("deploy/shop/stack");
  });

  const LAST_RECORD = "shop/asia/core/ConfigMap/shop/shop-release";

  it("marks what was told as verified after the last gate, in a folder that no agent applies", async () => {
    const { inputs, dependsOn } = find(await run(), MARK);
    const gates = ["shop/gate/canary", "shop/gate/rest"];
    expect(dependsOn).toEqual([LAST_RECORD, ...gates, "shop/ledger/canary", "shop/ledger/rest"]);
    expect(inputs["prefixes"]).toEqual(["verified"]);
    expect(inputs["message"]).toMatchObject({ subject: "verified shop", outcome: "verified" });
    const [text] = Object.values(inputs["files"] as Record<string, string>);
    const { clusters } = JSON.parse(text!) as Record<string, Record<string, string>>;
    expect(Object.keys(clusters!)).toEqual(["eu", "us", "asia"]);
  });

  it("refuses a Secret, by its name and not by its value, before anything is declared", async () => {
    const canary = "c2VjcmV0LWNhbmFyeQ==";
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "keys" }, data: { key: canary } };
    const failed = await run([...manifests, secret]).catch((error: unknown) => String(error));
    expect(failed).toContain("Secret keys: data.key would stand in Git for all to read");
    expect(failed).not.toContain(canary);
  });
});

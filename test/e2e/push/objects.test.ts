import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FIELD_MANAGER } from "../../../components/push";
import { changesOf } from "../../support/project";
import { makePushWorld, target } from "./world";
import type { PushWorld } from "./world";

const CANARY = "canary-7d1f0c55e2b94a83";
const NOTES = `{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "notes" }, data: { text: "keep" } }`;
const SECRET = `{ apiVersion: "v1", kind: "Secret", metadata: { name: "login" }, stringData: { password: "${CANARY}" },
  data: { key: "${Buffer.from(`${CANARY}-key`).toString("base64")}" } }`;
const EU = `clusters: [${target("eu-1")}]`;
const APPLICATION = [
  "ConfigMap/orders-config",
  "ConfigMap/orders-release",
  "Deployment/orders",
  "Service/orders",
  "ServiceAccount/orders",
];

let world: PushWorld;
beforeAll(async () => {
  world = await makePushWorld("objects");
  world.deliver({ targets: EU, more: `[${NOTES}]` });
  await world.project.up();
});
afterAll(() => world?.remove());

/** Everything that the backend has kept of the stack, its history included. */
function keptTexts(): { file: string; text: string }[] {
  const state = join(world.project.root, "state");
  const names = readdirSync(state, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return { file, text: readFileSync(file, "utf8") };
    });
}

/** As it stands, and as it is inside of base64 wherever it begins there. */
function formsOf(secret: string): string[] {
  const shifted = ["", "x", "xx"].map((before) => Buffer.from(before + secret).toString("base64"));
  return [secret, ...shifted.map((text) => text.slice(4, -4))];
}

function filesWith(secret: string): string[] {
  const forms = formsOf(secret);
  return keptTexts()
    .filter(({ text }) => forms.some((form) => text.includes(form)))
    .map(({ file }) => file);
}

interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

async function resources(): Promise<Resource[]> {
  const text = await world.project.pulumi("stack", "export", "--stack", "dev");
  return (JSON.parse(text) as { deployment: { resources: Resource[] } }).deployment.resources;
}

/** The mark of a secret in an exported state. Source: Pulumi, `sdk/go/common/resource/sig`. */
const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** In order, on one delivery: what one does, the next goes on from. */
describe("the objects of a cluster", () => {
  it("have one field manager, which is always the same", async () => {
    const objects = await world.in("eu-1").objects();
    expect(Object.keys(objects).sort()).toEqual(["ConfigMap/notes", ...APPLICATION].sort());
    const all = { ...objects, Namespace: (await world.in("eu-1").itself())! };
    for (const [key, { metadata }] of Object.entries(all)) {
      const managers = (metadata.managedFields ?? []).filter(({ subresource }) => subresource === undefined);
      expect([key, managers.map(({ manager, operation }) => [manager, operation])]).toEqual([
        key,
        [[FIELD_MANAGER, "Apply"]],
      ]);
    }
  });

  it("are changed in place, and a changed setting rolls the pods", async () => {
    const eu = world.in("eu-1");
    const [uids, pods] = [await eu.uids(), await eu.pods()];
    expect(pods).toHaveLength(1);
    world.deliver({ targets: EU, more: `[${NOTES}]`, greeting: "changed" });
    expect(await world.project.up()).toEqual({ updated: 4 });
    expect(await eu.uids()).toEqual(uids);
    expect((await eu.objects())["ConfigMap/orders-config"]?.data).toEqual({ GREETING: "changed" });
    await expect.poll(() => eu.pods(), { timeout: 60_000 }).toHaveLength(1);
    expect(await eu.pods()).not.toEqual(pods);
  });

  it("that somebody has deleted are missed by pulumi refresh, and made again by the next update", async () => {
    const { api, name: namespace } = world.in("eu-1");
    await api.remove({ apiVersion: "v1", kind: "Service", metadata: { name: "orders", namespace } });
    const refresh = ["refresh", "--yes", "--skip-preview", "--stack", "dev"];
    expect(changesOf((await world.project.tryPulumi(...refresh)).stdout)).toMatchObject({ deleted: 1 });
    expect(await world.project.up()).toMatchObject({ created: 1 });
    expect(await world.in("eu-1").names()).toContain("Service/orders");
  });

  it("are deleted when they leave the program, and the others stay", async () => {
    const { "ConfigMap/notes": notes, ...others } = await world.in("eu-1").uids();
    expect(notes).toBeDefined();
    world.deliver({ targets: EU, greeting: "changed" });
    expect(await world.project.up()).toMatchObject({ deleted: 1 });
    expect(await world.in("eu-1").uids()).toEqual(others);
  });
});

describe("the state", () => {
  it("is where the tests below look: what is no secret is found there", () => {
    expect(filesWith(world.in("eu-1").name)).not.toEqual([]);
  });

  it("has no credential and no path of a cluster that is reached by its context", async () => {
    const [cluster] = world.sandbox.clusters.filter(({ name }) => name === "eu-1");
    expect(filesWith(cluster!.tokens.admin)).toEqual([]);
    expect(filesWith(world.ways.kubeconfig)).toEqual([]);
    const provider = (await resources()).find(({ type }) => type === "pulumi:providers:kubernetes");
    expect(provider?.inputs).toMatchObject({ context: "eu-1", clusterIdentifier: "eu-1" });
    expect(provider?.inputs).not.toHaveProperty("kubeconfig");
  });

  it("has the text of a kubeconfig only encrypted", async () => {
    world.project.write("eu.kubeconfig", world.ways.kubeconfigOf("eu-1"));
    const text = `require("node:fs").readFileSync("eu.kubeconfig", "utf8")`;
    world.deliver({ targets: `clusters: [{ name: "eu-1", kubeconfig: ${text} }]`, greeting: "changed" });
    const before = await world.in("eu-1").versions();
    const TMPDIR = join(world.project.root, "tmp");
    mkdirSync(TMPDIR);
    await world.project.up("dev", { TMPDIR });
    expect(await world.in("eu-1").versions()).toEqual(before);
    // What the plugin leaves behind, as the README of push says, and nothing of ours.
    expect(readdirSync(TMPDIR)).toEqual([expect.stringMatching(/^kubeconfig\d+$/)]);
    expect(readdirSync(TMPDIR).map((name) => statSync(join(TMPDIR, name)).mode & 0o077)).toEqual([0]);
    const [cluster] = world.sandbox.clusters.filter(({ name }) => name === "eu-1");
    expect(filesWith(cluster!.tokens.admin)).toEqual([]);
    const provider = (await resources()).find(({ type }) => type === "pulumi:providers:kubernetes");
    expect(provider?.inputs?.["kubeconfig"]).toMatchObject(SIGNATURE);
  });

  it("has the entries of a Secret only encrypted, while the cluster has them as they are", async () => {
    world.deliver({ targets: EU, more: `[${SECRET}]`, greeting: "changed" });
    const { stdout, stderr, code } = await world.project.tryUp();
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(CANARY);
    expect(filesWith(CANARY)).toEqual([]);
    const secret = (await resources()).find(({ type }) => type === "kubernetes:core/v1:Secret");
    for (const side of [secret?.inputs, secret?.outputs]) expect(side?.["data"]).toMatchObject(SIGNATURE);
    const { "Secret/login": login } = await world.in("eu-1").objects();
    expect(Buffer.from(login!.data!["password"]!, "base64").toString()).toBe(CANARY);
  });
});

describe("a destroyed delivery", () => {
  it("leaves the namespace, and nothing in it", async () => {
    await world.project.pulumi("destroy", "--yes", "--stack", "dev");
    expect(await world.in("eu-1").itself()).toMatchObject({ metadata: { name: world.in("eu-1").name } });
    expect(await world.in("eu-1").names()).toEqual([]);
    await expect.poll(() => world.in("eu-1").pods(), { timeout: 60_000 }).toEqual([]);
  });
});

import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../sandbox/processes/index.ts";
import { CANARY, deliverOnce, DIGEST, makeMistakeWorld } from "./world";
import type { MistakeWorld } from "./world";

let world: MistakeWorld;
beforeAll(async () => {
  world = await makeMistakeWorld("mistakes", deliverOnce);
});
afterAll(() => world?.remove());

const PIPELINE = (over: string): string => `
  const { definePipeline, push } = require("pulumi-delivery");
  definePipeline({
    app: "shop", source: { paths: ["app/**"] }, images: { shop: { repository: "example.com/shop", context: "app" } },
    clusters: { "dev-1": { context: "dev-1" }, "eu-1": { context: "eu-1" } },
    environments: { dev: { from: "build", delivery: push(), clusters: ["dev-1"] } },
    config: { password: "${CANARY}" }, manifests: () => [],
    ${over}
  });`;

const DELIVERY = (targets: string, manifests: string): string => `
  const pulumi = require("@pulumi/pulumi");
  const { PushDelivery } = require("pulumi-delivery");
  const map = (name, more = {}) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: {}, ...more });
  new PushDelivery("web", { namespace: "mistakes", ${targets}, manifests: ${manifests} });`;
const DEV = `clusters: [{ name: "dev-1", context: "dev-1" }]`;

const IMAGE = (args: string): string => `
  const { buildkit, Image, prebuilt } = require("pulumi-delivery");
  new Image("web", { builder: buildkit({ builder: "sandbox" }), args: { PASSWORD: "${CANARY}" }, ${args} });`;

describe("a pipeline with mistakes", () => {
  it("is refused with all of them at once: names, clusters, waves and where releases come from", async () => {
    const error = await world.refused(
      PIPELINE(`app: "Shop_1", environments: {
        dev: { from: "staging", delivery: push(), clusters: ["mars-1"] },
        staging: { from: "dev", delivery: push(), waves: [
          { name: "canary", clusters: ["eu-1"] }, { name: "rest", clusters: ["dev-1", "eu-1"] }] },
      }`),
    );
    expect(error).toContain('app is "Shop_1", which is no DNS-1123 label; use 1 to 63 of a-z, 0-9 and "-"');
    expect(error).toContain(
      'environments.dev.from goes in a circle: dev ← staging ← dev; one must be from "build"',
    );
    expect(error).toContain(
      'environments.dev: cluster "mars-1" is not among "clusters", which has "dev-1", "eu-1"',
    );
    expect(error).toContain('environments.staging: cluster "eu-1" is named twice; it belongs to one wave');
  });
});

describe("manifests with mistakes", () => {
  it("are refused with all of them at once: a duplicate, a name, a tag in the place of a digest", async () => {
    const pod = `{ containers: [{ name: "web", image: "example.com/web:1.0" }] }`;
    const error = await world.refused(
      DELIVERY(
        DEV,
        `[map("fine"), map("twice"), map("twice", { data: { password: "${CANARY}" } }), map("No_Label"),
          { apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, spec: ${pod} }]`,
      ),
    );
    expect(error).toContain('manifests[3].metadata.name is "No_Label", which is no DNS-1123 subdomain');
    expect(error).toMatch(/ConfigMap.*twice.*is declared twice: manifests\[1\] and manifests\[2\]; keep one/);
    expect(error).toContain(
      'spec.containers[0].image is "example.com/web:1.0"; name it as repository@sha256:',
    );
  });

  it("are refused when there are none, since that would delete all that runs", async () => {
    const error = await world.refused(DELIVERY(DEV, "[]"));
    expect(error).toContain("manifests returned no object; an empty render would delete all that runs");
  });
});

describe("targets with mistakes", () => {
  it("are refused with all of them at once: a kubeconfig that is none, contexts that are missing, a cluster in two waves", async () => {
    const inline = JSON.stringify({
      "current-context": "us",
      contexts: [{ name: "eu", context: { cluster: "eu", user: "eu" } }],
      users: [{ name: "eu", user: { token: CANARY } }],
    });
    const error = await world.refused(
      DELIVERY(
        `waves: [
          { name: "first", clusters: [{ name: "dev-1", context: "dev-1" }, { name: "a", kubeconfig: "token: [${CANARY}" }] },
          { name: "second", clusters: [{ name: "dev-1", context: "dev-1" }, { name: "b", context: "mars-1" },
            { name: "c", kubeconfig: '${inline}' }] }]`,
        `[map("never")]`,
      ),
    );
    expect(error).toContain('cluster "dev-1" is named twice');
    expect(error).toContain('cluster "a": its kubeconfig is no kubeconfig: it is not YAML');
    expect(error).toMatch(
      /cluster "b": KUBECONFIG \(.*\) has no context "mars-1"; it has "dev-1", "eu-1", "us-1"/,
    );
    expect(error).toContain('cluster "c": its kubeconfig has no context "us"; it has "eu": correct the name');
  });

  it.each([
    ["is none", `"{ token: [${CANARY}"`, /its kubeconfig is no kubeconfig/],
    [
      "lacks its context",
      JSON.stringify(
        JSON.stringify({ "current-context": "us", users: [{ name: "eu", user: { token: CANARY } }] }),
      ),
      /its kubeconfig has no context "us"; it has none/,
    ],
  ])(
    "are refused when a kubeconfig that is known only after the end of the program %s",
    async (_, text, problem) => {
      const late = `pulumi.secret(new Promise((done) => setTimeout(done, 300, ${text})))`;
      const error = await world.refused(
        DELIVERY(`clusters: [{ name: "late", kubeconfig: ${late} }]`, `[map("never")]`),
      );
      expect(error).toMatch(problem);
      expect(error).toContain('Cluster "late"');
    },
  );
});

describe("an image with mistakes", () => {
  it("is refused when its context does not exist", async () => {
    const error = await world.refused(IMAGE(`repository: "${world.openRegistry}/web", context: "no/such"`));
    expect(error).toContain('context "no/such" does not exist: there is no folder');
  });

  it("is refused with all of them at once: its name, its Dockerfile, a link that leaves the context", async () => {
    const { project, openRegistry } = world;
    project.write("Dockerfile", "FROM scratch\n");
    project.write("secret.txt", CANARY);
    mkdirSync(join(project.root, "app"), { recursive: true });
    rmSync(join(project.root, "app", "link"), { force: true });
    symlinkSync("../secret.txt", join(project.root, "app", "link"));
    const error = await world.refused(
      IMAGE(`repository: "${openRegistry}/web:1.0", context: "app", dockerfile: "../Dockerfile"`),
    );
    expect(error).toMatch(/repository ".*\/web:1\.0" has the tag 1\.0; leave it out/);
    expect(error).toContain('dockerfile "../Dockerfile" is outside of the context "app"; move it in');
    expect(error).toContain(
      '"link" is a link to "../secret.txt", which leaves the context; copy the file into',
    );
  });
});

describe("a registry", () => {
  const image = (address: string, more = ""): string => {
    world.project.write("src/Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
    return IMAGE(`repository: "${address}/acme/web", context: "src", ${more}`);
  };

  it("that is down is named, with what to do", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const error = await world.refused(image(address));
    expect(error).toContain(`${address} cannot be asked for acme/web: connect ECONNREFUSED`);
    expect(error).toContain("Check the name and the network, and try again.");
  });

  it("that refuses the credentials of the program is named, with where they are from", async () => {
    const login = `registry: { username: "somebody", password: "${CANARY}" }`;
    const error = await world.refused(image(world.registry.address, login));
    expect(error).toContain(`${world.registry.address} refused the credentials for acme/web`);
    expect(error).toContain("They came from the image's registry argument.");
  });

  it("that refuses what docker login has left is named, with that place", async () => {
    const { address } = world.registry;
    const auth = Buffer.from(`somebody:${CANARY}`).toString("base64");
    world.project.write(".docker/config.json", JSON.stringify({ auths: { [address]: { auth } } }));
    const error = await world.refused(image(address));
    expect(error).toContain(address);
    expect(error).toContain(".docker/config.json");
  });

  it("that wants a login and gets none says how to give one", async () => {
    world.project.write(".docker/config.json", "{}");
    const { address } = world.registry;
    const error = await world.refused(image(address));
    expect(error).toContain(`docker login ${address}`);
  });
});

it("the digest of an image that was built elsewhere has to be one", async () => {
  const args = (digest: string): string =>
    IMAGE(
      `repository: "${world.openRegistry}/web", context: "src", builder: prebuilt({ digest: "${digest}" })`,
    );
  const error = await world.refused(args(DIGEST.slice(0, -1)));
  expect(error).toMatch(/digest.*sha256/);
});

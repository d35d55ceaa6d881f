import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { app } from "../../../components/manifests";
import { github, PullDelivery } from "../../../components/pull";
import type { PullDeliveryArgs } from "../../../components/pull";
import { observe } from "../../support/observe";
import { registrations, SECRET } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, cluster, find } from "../push/world";

const KNOWN = `git.example.com ssh-ed25519 ${Buffer.alloc(51).toString("base64")}`;
const args: PullDeliveryArgs = {
  clusters: [cluster("eu"), cluster("us")],
  ledger: { repository: "https://git.example.com/acme/deploy.git" },
  host: github({ knownHosts: KNOWN }),
  manifests: app({ name: "web", image: `r/web@sha256:${"a".repeat(64)}`, port: 80 }),
};
const made = { secret: "made-canary", public: "ssh-ed25519 AAAA shop/stack/1" };
const outputs = ({ type }: pulumi.runtime.MockResourceArgs): Record<string, unknown> =>
  type.endsWith(":Generated") ? made : { commit: "c".repeat(40), trees: {}, result: "published" };
const run = (more: Partial<PullDeliveryArgs> = {}): Promise<Registration[]> =>
  registrations(() => new PullDelivery("shop", { ...args, ...more } as PullDeliveryArgs), { outputs });
const refused = (more: Partial<PullDeliveryArgs>): Promise<string> => run(more).then(String, String);
const ofType = (world: readonly Registration[], end: string): Registration[] =>
  world.filter(({ type }) => type.endsWith(end));
const URL = "https://flux.example.com";

describe("a delivery whose repository is on GitHub", () => {
  it("registers a deploy key that can read and nothing else, before the agents are given its private half", async () => {
    const world = await run();
    const key = find(world, "shop/deploy-key/1", "github:");
    expect(key.inputs).toMatchObject({
      repository: "deploy",
      readOnly: true,
      key: made.public,
      title: "shop/stack/1",
    });
    const [secret] = ofType(world, ":Secret");
    expect(before(world, secret!.name)).toContain("shop/deploy-key/1");
    const sources = ofType(world, ":GitRepository").map(({ inputs }) => inputs["spec"]);
    expect(sources).toHaveLength(2);
    for (const spec of sources)
      expect(spec).toMatchObject({ url: "ssh://git@git.example.com/acme/deploy.git" });
  });

  it("has the private half in secrets only, one for each cluster and the state's own", async () => {
    const world = await run();
    expect(JSON.stringify(world)).not.toContain(made.secret);
    expect(ofType(world, ":Secret").map(({ inputs }) => inputs["stringData"])).toEqual([SECRET, SECRET]);
    expect(ofType(world, ":Generated").map(({ secretOutputs }) => secretOutputs)).toEqual([["secret"]]);
  });

  it("gives the agents the first of several keys, while the others are registered still", async () => {
    const used = async (keys: readonly string[]): Promise<string> => {
      const named = (resource: pulumi.runtime.MockResourceArgs): Record<string, unknown> =>
        resource.type.endsWith(":Generated")
          ? { ...made, secret: `key ${resource.name}` }
          : outputs(resource);
      const host = github({ knownHosts: KNOWN, keys });
      const world = await observe(() => new PullDelivery("shop", { ...args, host }), { outputs: named });
      const secret = world.find(({ type }) => type.endsWith(":Secret"))!;
      return JSON.stringify(secret.inputs["stringData"]);
    };
    const world = await run({ host: github({ knownHosts: KNOWN, keys: ["2", "1"] }) });
    expect(ofType(world, ":RepositoryDeployKey").map(({ name }) => name)).toEqual([
      ...["shop/deploy-key/2", "shop/deploy-key/1"],
    ]);
    expect(await used(["2", "1"])).toContain("key shop/deploy-key/2");
    expect(await used(["2"])).toContain("key shop/deploy-key/2");
    expect(await used(["1"])).toContain("key shop/deploy-key/1");
  });

  it("has a webhook only when an address is given, at the path that Flux will have for it", async () => {
    expect(ofType(await run(), ":RepositoryWebhook")).toEqual([]);
    const seen: unknown[] = [];
    const told = (resource: pulumi.runtime.MockResourceArgs): Record<string, unknown> => {
      if (resource.type.endsWith(":RepositoryWebhook")) seen.push(resource.inputs["configuration"]);
      return outputs(resource);
    };
    const program = (): unknown => new PullDelivery("shop", { ...args, webhook: { url: URL } });
    const world = await registrations(program, { outputs: told });
    const path = createHash("sha256").update(`${made.secret}shop-deliveryshop`).digest("hex");
    const value = { url: `${URL}/hook/${path}`, contentType: "json", secret: made.secret };
    expect(seen).toMatchObject([{ value }]);
    const [hook] = ofType(world, ":RepositoryWebhook");
    expect(hook!.inputs).toMatchObject({ repository: "deploy", events: ["push"] });
    expect(hook!.dependsOn.filter((name) => name.includes("Receiver"))).toHaveLength(2);
    expect(ofType(world, ":Receiver").map(({ inputs }) => inputs["spec"])).toMatchObject([
      ...[{ type: "github" }, { type: "github" }],
    ]);
    expect(JSON.stringify(world)).not.toContain(made.secret);
  });

  it("has its branch protected when that is asked for, from before the first commit", async () => {
    expect(ofType(await run(), ":RepositoryRuleset")).toEqual([]);
    const world = await run({ host: github({ knownHosts: KNOWN, protect: true }) });
    const [ruleset] = ofType(world, ":RepositoryRuleset");
    expect(ruleset!.inputs).toMatchObject({
      repository: "deploy",
      enforcement: "active",
      conditions: { refName: { includes: ["refs/heads/deploy/shop/stack"], excludes: [] } },
      rules: { deletion: true, nonFastForward: true },
    });
  });

  it("has the agents set the status of commits when they get a token for that, which is in a Secret of its own", async () => {
    expect(ofType(await run(), ":Alert")).toEqual([]);
    const world = await run({ statuses: { token: "status-canary" } });
    expect(JSON.stringify(world)).not.toContain("status-canary");
    expect(ofType(world, ":Provider").filter(({ type }) => type.includes("notification"))).toMatchObject(
      ["eu", "us"].map(() => ({
        inputs: {
          spec: {
            type: "github",
            address: args.ledger.repository,
            secretRef: { name: "shop-delivery-statuses" },
          },
        },
      })),
    );
    expect(ofType(world, ":Alert").map(({ inputs }) => inputs["spec"])).toMatchObject(
      ["eu", "us"].map(() => ({
        providerRef: { name: "shop-delivery" },
        eventSources: [{ kind: "Kustomization", name: "shop-delivery" }],
      })),
    );
  });

  it("has one webhook for each address", async () => {
    const world = await run({
      webhook: { url: { eu: "https://eu.example.com", us: "https://us.example.com" } },
    });
    expect(ofType(world, ":RepositoryWebhook").map(({ name }) => name)).toEqual([
      ...["shop/webhook/eu", "shop/webhook/us"],
    ]);
  });

  it("has a complete preview, although no key is made yet", async () => {
    const world = await observe(() => new PullDelivery("shop", { ...args, webhook: { url: URL } }), {
      preview: true,
    });
    const kinds = world.map(({ type }) => type.split(":").at(-1));
    for (const kind of ["RepositoryDeployKey", "RepositoryWebhook", "Secret", "GitRepository"]) {
      expect(kinds).toContain(kind);
    }
  });
});

describe("bad input of a delivery whose repository is on GitHub", () => {
  it("refuses statuses without a host, whose commits they are about, and without a token", async () => {
    const credentials = { kind: "token", token: "x" } as const;
    expect(await refused({ host: undefined as never, credentials, statuses: { token: "x" } })).toContain(
      "statuses needs a host",
    );
    expect(await refused({ statuses: { token: "" } })).toContain("statuses.token is missing");
  });

  it("names every problem at once", async () => {
    const credentials = { kind: "token", token: "canary" } as const;
    const said = await refused({ credentials, host: github({ knownHosts: "", keys: [] }) });
    expect(said).toContain("credentials and host are both given");
    expect(said).toContain("host.knownHosts is empty");
    expect(said).toContain("host.keys is empty");
    expect(said).not.toContain("canary");
  });

  it("refuses host keys of other servers, and an address that no key is for", async () => {
    const host = github({ knownHosts: KNOWN.replace("git.", "other.") });
    expect(await refused({ host })).toContain("host.knownHosts has no line for git.example.com");
    expect(await refused({ repository: "https://git.example.com/acme/deploy.git" })).toContain(
      "needs an ssh address",
    );
  });

  it("refuses a webhook that misses a cluster, and one without a token where nobody makes it", async () => {
    const said = await refused({ webhook: { url: { eu: URL, asia: URL } } });
    expect(said).toContain('webhook.url has none for cluster "us"');
    expect(said).toContain('webhook.url has "asia", which is no cluster');
    const without = { ...args, host: undefined };
    const none = await registrations(
      () => new PullDelivery("shop", { ...without, webhook: { url: URL } } as never),
    ).then(String, String);
    expect(none).toContain("webhook.token is missing");
  });
});

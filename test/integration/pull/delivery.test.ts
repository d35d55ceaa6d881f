import { parse } from "yaml";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { app, POD_SECURITY_EXCEPTION } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { PullDelivery } from "../../../components/pull";
import type { PullDeliveryArgs } from "../../../components/pull";
import { PushDelivery } from "../../../components/push";
import { registrations, SECRET } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, cluster, find } from "../push/world";

const manifests = app({ name: "web", image: `r/web@sha256:${"a".repeat(64)}`, port: 80, config: { A: "1" } });
const repository = "https://git.example.com/acme/deploy.git";
const ledger = { repository };
const waves = [
  { name: "canary", clusters: [cluster("eu")] },
  { name: "rest", clusters: [cluster("us"), cluster("asia")] },
];
const TREES = { "clusters/eu": "1", "clusters/us": "2", "clusters/asia": "3" };
const answer = ({ type }: { readonly type: string }): Record<string, unknown> => {
  const result = type.endsWith(":SyncGate") ? "live" : "published";
  return { commit: "c".repeat(40), trees: TREES, result };
};
const outputs = { outputs: answer };
const run = (more: Partial<PullDeliveryArgs> = {}): Promise<Registration[]> =>
  registrations(
    () => new PullDelivery("shop", { manifests, waves, ledger, ...more } as PullDeliveryArgs),
    outputs,
  );
const refused = (more: Partial<PullDeliveryArgs>): Promise<string> => run(more).then(String, String);

const KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0LWNhbmFyeQ==\n-----END OPENSSH PRIVATE KEY-----";
const HOSTS = "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==";

const ofType = (world: readonly Registration[], end: string): Registration[] =>
  world.filter(({ type }) => type.endsWith(end));

describe("a ledger that takes pull requests only", () => {
  const pullRequest = { host: "github" } as const;
  /** A run in which the agents, by cluster, have come to these ends. */
  const ended = (published: string, ends: Readonly<Record<string, string>>): Promise<Registration[]> =>
    registrations(
      () =>
        new PullDelivery("shop", {
          manifests,
          waves,
          ledger: { ...ledger, pullRequest },
        } as PullDeliveryArgs),
      {
        outputs: ({ type, name }) =>
          type.endsWith(":SyncGate")
            ? { result: ends[name.split("/")[1]!], message: "words" }
            : { commit: "c".repeat(40), trees: TREES, result: published, failed: {} },
      },
    );
  const LIVE = { eu: "live", us: "live", asia: "live" };

  it("is proposed to, wave by wave, and the mark at the end likewise", async () => {
    const commits = ofType(await ended("proposed", LIVE), ":GitCommit");
    expect(commits.map(({ name }) => name)).toEqual([
      "shop/ledger/canary",
      "shop/ledger/rest",
      "shop/ledger/verified",
    ]);
    for (const { inputs } of commits) expect(inputs["pullRequest"]).toEqual(pullRequest);
  });

  it("tells each gate that its content is only proposed: a wave with one after it needs it merged, the last does not", async () => {
    const gates = ofType(await ended("proposed", LIVE), ":SyncGate");
    const told = gates.map(({ inputs }) => [inputs["cluster"], inputs["published"], inputs["required"]]);
    expect(told).toEqual([
      ["eu", "proposed", true],
      ["us", "proposed", false],
      ["asia", "proposed", false],
    ]);
  });

  it("is marked verified only when every cluster is live, and the mark names those that wait, without a hash", async () => {
    const markOf = (world: readonly Registration[]): { readonly [field: string]: unknown } => {
      const { files, message } = find(world, "shop/ledger/verified").inputs as {
        files: Record<string, string>;
        message: object;
      };
      return { ...message, ...(JSON.parse(Object.values(files)[0]!) as object) };
    };
    const all = markOf(await ended("published", LIVE));
    expect(all).toMatchObject({
      outcome: "verified",
      clusters: { eu: expect.any(String), us: expect.any(String) },
    });
    expect(all).not.toHaveProperty("waiting");
    for (const end of ["proposed", "publishedNotVerified", "superseded"]) {
      const mark = markOf(await ended("published", { ...LIVE, us: end }));
      expect(mark).toMatchObject({
        ...{ outcome: "partial", waiting: ["us"], subject: "shop is not live yet in us" },
        clusters: { eu: expect.any(String), asia: expect.any(String) },
      });
      expect(mark["clusters"]).not.toHaveProperty("us");
    }
  });

  it("is refused for a push, in one sentence and before anything is declared", async () => {
    const world: Registration[] = [];
    const said = await registrations(
      () => new PushDelivery("shop", { manifests, waves, ledger: { ...ledger, pullRequest } }),
    ).then((made) => world.push(...made), String);
    expect(said).toContain(
      "ledger.pullRequest is given, and a push applies at once, so there is nothing to review",
    );
    expect(world).toEqual([]);
  });
});

describe("a delivery by agents", () => {
  it("has the namespace enforce what lets its pods in, as a push does", async () => {
    const label = async (list: readonly Manifest[]): Promise<unknown> => {
      const { inputs } = find(await run({ manifests: list }), "shop/eu/core/Namespace//shop");
      return (inputs as Manifest).metadata.labels?.["pod-security.kubernetes.io/enforce"];
    };
    expect(await label(manifests)).toBe("restricted");
    const annotations = { [POD_SECURITY_EXCEPTION]: "reads the node's logs" };
    const metadata = { name: "agent", annotations };
    const containers = [{ name: "agent", image: `r/agent@sha256:${"a".repeat(64)}` }];
    const agent: Manifest = { apiVersion: "v1", kind: "Pod", metadata, spec: { containers } };
    expect(await label([...manifests, agent])).toBe("baseline");
  });

  it("publishes the same bytes as a push does", async () => {
    const pushed = await registrations(() => new PushDelivery("shop", { manifests, waves, ledger }), outputs);
    const files = (world: readonly Registration[]): unknown[] =>
      ofType(world, ":GitCommit").map(({ inputs }) => inputs["files"]);
    expect(files(await run())).toEqual(files(pushed));
  });

  it("applies nothing of the application itself", async () => {
    const kinds = (await run()).map(({ type }) => type.split(":").at(-1));
    expect(kinds).not.toContain("Deployment");
    expect(kinds).not.toContain("ConfigMap");
  });

  it("gives every cluster an account, its rights, a source and a Kustomization in the stack's namespace", async () => {
    const world = (await run()).filter(({ name }) => name.startsWith("shop/eu/"));
    const objects = world.filter(({ inputs }) => inputs["kind"] !== undefined);
    expect(objects.map(({ inputs }) => String(inputs["kind"])).sort()).toEqual([
      "GitRepository",
      "Kustomization",
      "Namespace",
      "Role",
      "Role",
      "RoleBinding",
      "RoleBinding",
      "ServiceAccount",
    ]);
    const spaces = objects.flatMap(({ inputs }) => (inputs as Manifest).metadata.namespace ?? []);
    expect(new Set(spaces)).toEqual(new Set(["shop"]));
  });

  it("commits a wave when its agents know where to read, and waits for each of its clusters after that", async () => {
    const world = await run();
    expect(find(world, "shop/ledger/canary").dependsOn).toContain(
      "shop/eu/kustomize.toolkit.fluxcd.io/Kustomization/shop/shop-delivery",
    );
    expect(find(world, "shop/eu/live").dependsOn).toEqual(["shop/ledger/canary"]);
    expect(find(world, "shop/gate/canary").dependsOn).toEqual(["shop/eu/live"]);
    expect(find(world, "shop/ledger/rest").dependsOn).toContain("shop/gate/canary");
  });

  it("waits for the folder of the cluster, and opens the next wave only when it is live", async () => {
    const world = await run();
    expect(find(world, "shop/eu/live").inputs).toMatchObject({
      ...{ agent: "flux", cluster: "eu", folder: "clusters/eu", tree: "1", required: true },
      ...{ branch: "deploy/shop/stack", repository, teardown: "orphan" },
    });
    expect(find(world, "shop/us/live").inputs).toMatchObject({ tree: "2", required: false });
  });

  it("keeps the key of the agents as a secret, in one Secret and nowhere else", async () => {
    const world = await run({
      repository: "ssh://git@git.example.com/acme/deploy.git",
      credentials: { kind: "ssh", privateKey: KEY, knownHosts: HOSTS },
    });
    const secrets = ofType(world, ":Secret");
    expect(secrets).toHaveLength(3);
    for (const { inputs } of secrets) expect(inputs["stringData"]).toBe(SECRET);
    expect(JSON.stringify(world)).not.toContain("c2VjcmV0LWNhbmFyeQ");
  });

  it("has a webhook only when an address is given, and its token is a secret", async () => {
    expect(ofType(await run(), ":Receiver")).toEqual([]);
    const world = await run({
      webhook: { url: "https://hooks.example.com", token: pulumi.secret("hook-canary") },
    });
    expect(ofType(world, ":Receiver")).toHaveLength(3);
    expect(JSON.stringify(world)).not.toContain("hook-canary");
  });

  it("gives every cluster the pull secrets of its pods before its agent is told of anything, and publishes none of them", async () => {
    const access = {
      registry: "registry.example.com",
      username: "u",
      password: pulumi.secret("pull-canary"),
    };
    const list = app({
      name: "web",
      image: `r/web@sha256:${"a".repeat(64)}`,
      port: 80,
      imagePullSecrets: ["acme"],
    });
    const world = await run({ manifests: list, pullSecrets: [{ name: "acme", ...access }] });
    const made = ofType(world, ":Secret").map(({ name }) => name);
    expect(made).toEqual(["eu", "us", "asia"].map((name) => `shop/${name}/core/Secret/shop/acme`));
    for (const name of ["eu", "us", "asia"]) {
      const source = `shop/${name}/source.toolkit.fluxcd.io/GitRepository/shop/shop-delivery`;
      expect(before(world, source)).toContain(`shop/${name}/core/Secret/shop/acme`);
    }
    expect(published(world)).not.toContain("dockerconfigjson");
    expect(JSON.stringify(world)).not.toContain("pull-canary");
  });

  it("puts no arguments of its own into the state", async () => {
    const components = (await run()).filter(({ type }) => type.startsWith("delivery:pull:"));
    expect(components.length).toBeGreaterThan(1);
    for (const { inputs } of components) expect(inputs).toEqual({});
  });

  it("writes objects as files that are read back as they were", async () => {
    const [commit] = ofType(await run(), ":GitCommit");
    const texts = Object.values(commit!.inputs["files"] as Record<string, string>);
    expect(texts.map((text) => (parse(text) as Manifest).kind)).toContain("Deployment");
  });
});

const password = pulumi.secret("canary-77f2");
const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "keys" },
  stringData: { password },
} as unknown as Manifest;
const FIELDS = { stringData: { password: "ENC[AES256_GCM,data:eA==]" }, sops: { version: "3.9.0" } };
const sealedOutputs = {
  outputs: ({ type }: pulumi.runtime.MockResourceArgs) => {
    if (type.endsWith(":Sealed")) return { fields: FIELDS };
    return type.endsWith(":Generated") ? { secret: "AGE-SECRET-KEY-1", public: "age1" } : answer({ type });
  },
};
const withSecrets = (secrets: "sops" | "direct"): Promise<Registration[]> =>
  registrations(
    () => new PullDelivery("shop", { manifests: [...manifests, secret], waves, ledger, secrets }),
    sealedOutputs,
  );
const published = (world: readonly Registration[]): string =>
  JSON.stringify(ofType(world, ":GitCommit").map(({ inputs }) => inputs["files"]));

describe("Secrets among the manifests", () => {
  it("are published encrypted for the stack's key, which is in the state and in one Secret of each cluster", async () => {
    const world = await withSecrets("sops");
    expect(published(world)).toContain("ENC[AES256_GCM,data:eA==]");
    expect(ofType(world, ":Sealed").map(({ inputs }) => inputs["manifest"])).toEqual([
      SECRET,
      SECRET,
      SECRET,
    ]);
    expect(JSON.stringify(world)).not.toMatch(/canary-77f2|AGE-SECRET-KEY/);
    const specs = ofType(world, ":Kustomization").map(({ inputs }) => inputs["spec"]);
    const decryption = { provider: "sops", secretRef: { name: "shop-delivery-sops" } };
    expect(specs).toMatchObject([{ decryption }, { decryption }, { decryption }]);
    const keys = ofType(world, ":Secret").map(({ inputs }) => inputs as unknown as Manifest);
    expect(keys.map(({ metadata }) => metadata.name)).toEqual(Array(3).fill("shop-delivery-sops"));
  });

  it("may come from a store: what names it there is published like any other object, and the agent may change that kind", async () => {
    const external = {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { name: "keys" },
      spec: { secretStoreRef: { name: "vault" }, target: { name: "keys" }, data: [] },
    };
    const world = await run({ manifests: [...manifests, external] });
    expect(published(world)).toContain("kind: ExternalSecret");
    const rules = ofType(world, ":Role").flatMap(({ inputs }) => inputs["rules"] as object[]);
    expect(rules).toContainEqual(
      expect.objectContaining({ apiGroups: ["external-secrets.io"], resources: ["externalsecrets"] }),
    );
    expect(ofType(world, ":Secret")).toEqual([]);
  });

  it("are applied by the program before the agents are told, and not published, where that is said", async () => {
    const world = await withSecrets("direct");
    expect(published(world)).not.toMatch(/kind: Secret|canary-77f2/);
    const applied = ofType(world, ":Secret");
    expect(applied.map(({ inputs }) => inputs["stringData"])).toEqual([SECRET, SECRET, SECRET]);
    const [first] = applied;
    expect(before(world, "shop/ledger/canary")).toContain(first!.name);
    const rights = JSON.stringify(ofType(world, ":Role").map(({ inputs }) => inputs["rules"]));
    expect(rights).not.toContain("secrets");
    expect(JSON.stringify(world)).not.toContain("canary-77f2");
  });
});

describe("bad input of a delivery by agents", () => {
  it("refuses an empty list, by which the agents would delete all that runs", async () => {
    expect(await refused({ manifests: [] })).toContain("an empty render would delete all that runs");
  });

  it("refuses what it does not know to do with Secrets", async () => {
    expect(await refused({ secrets: "plain" as "sops" })).toContain(
      'secrets is "plain"; give one of "refuse", "sops", "direct"',
    );
  });

  it("names every problem at once", async () => {
    const said = await refused({ interval: "10" as "10s", timeout: "1d" as "1h" });
    expect(said).toContain('interval is "10"; give a whole number with its unit');
    expect(said).toContain('timeout is "1d"');
  });

  it.each([
    ["no known_hosts entry", { kind: "ssh", privateKey: KEY, knownHosts: "" }, "knownHosts is empty"],
    ["a broken known_hosts", { kind: "ssh", privateKey: KEY, knownHosts: "git" }, "knownHosts has a line"],
  ] as const)("refuses %s", async (_what, credentials, words) => {
    const said = await refused({ repository: "ssh://git@git.example.com/acme/deploy.git", credentials });
    expect(said).toContain(words);
    expect(said).not.toContain("c2VjcmV0");
  });

  it("refuses ssh without a key, and a key for https", async () => {
    expect(await refused({ repository: "ssh://git@git.example.com/acme/deploy.git" })).toContain(
      "credentials is missing",
    );
    const credentials = { kind: "ssh", privateKey: KEY, knownHosts: HOSTS } as const;
    expect(await refused({ credentials })).toContain('kind "ssh" does not go with an https address');
  });

  it("refuses a name that Kubernetes would not take as a label", async () => {
    expect(await refused({ app: "a".repeat(60) })).toContain("which has over 63 characters");
  });

  it("refuses a Secret in the list, and an object of the whole cluster", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "keys" },
      data: { key: "Y2FuYXJ5" },
    };
    const said = await refused({ manifests: [...manifests, secret] });
    expect(said).toMatch(/Secret (?:shop\/)?keys.*would /);
    expect(said).not.toContain("Y2FuYXJ5");
    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "all" },
    };
    expect(await refused({ manifests: [...manifests, role] })).toContain("belongs to the whole cluster");
  });

  it("refuses a webhook that is not encrypted", async () => {
    expect(await refused({ webhook: { url: "http://hooks.example.com", token: "t" } })).toContain(
      "webhook.url",
    );
  });
});

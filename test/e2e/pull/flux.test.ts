import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { clearRequests, expireToken, requests } from "../../../sandbox/git/index.ts";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import { Example } from "../../support/example";
import { git } from "../sandbox-git/support";
import { KINDS, PulledPipeline } from "./pipeline";
import { mayInOwn, rightsBeyond } from "./rights";
import { makePullWorld, refused } from "./world";
import type { PullWorld, Stack } from "./world";

const CLUSTER = "us-1";
const EXTRA = `[{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "extra" }, data: {} },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "extra" },
    spec: { minAvailable: 0, selector: { matchLabels: { "app.kubernetes.io/name": "orders-pull" } } } }]`;
const migration = (digits: string): string => `require("pulumi-delivery").migration({ name: "migrate",
  release: "orders-${digits}", image: "registry.example.com/acme/orders@sha256:${"5".repeat(64)}" })`;
const PASSWORDS = { orders: "canary-of-orders-81f3", billing: "canary-of-billing-9c27" } as const;
const secret = (password: string): string => `[{ apiVersion: "v1", kind: "Secret", metadata: { name: "db" },
  stringData: { password: ${JSON.stringify(password)} } }]`;
const SOPS = `secrets: "sops",`;
/** Too short for anybody to read a repository with. */
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
  ...{ type: "pkcs1", format: "pem" },
}) as string;
/** Source text of credentials that are a key from the stack's secret configuration. */
const withKey = (privateKey: string): string => `repository: "ssh://git@git.example.com/acme/x.git",
  credentials: { kind: "ssh", privateKey: pulumi.secret(${JSON.stringify(privateKey)}),
    knownHosts: "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==" },`;

let world: PullWorld;
let orders: Stack;
let billing: Stack;
let fleet: PulledPipeline;
/** What the command said that has installed Flux here. */
let installed: string;
beforeAll(async () => {
  world = await makePullWorld("pull-flux", { cluster: CLUSTER });
  fleet = await PulledPipeline.make(world, "fleet-pull");
  installed = await fleet.delivery.succeed("up", "agents");
  [orders, billing] = await Promise.all([
    world.stack("orders-pull"),
    world.stack("billing-pull"),
    world.flux.start(),
  ]);
  orders.deliver({ more: secret(PASSWORDS.orders), args: SOPS });
  billing.deliver({ more: secret(PASSWORDS.billing), args: SOPS });
  await Promise.all([orders.up(), billing.up()]);
});
afterAll(async () => {
  await fleet?.remove();
  await world?.remove();
});

const passwordIn = async (stack: Stack): Promise<string> => {
  const { "Secret/db": found } = await stack.namespace.objects();
  const { password = "" } = (found?.["data"] ?? {}) as Record<string, string>;
  return Buffer.from(password, "base64").toString();
};

/** In order: what one does, the next goes on from. The other stack goes its own way meanwhile. */
describe.concurrent("a delivery by Flux", () => {
  it(
    "is live when pulumi up returns: all of it is applied, with the record, as the account of the stack",
    { concurrent: false },
    async () => {
      expect(await orders.result()).toBe("live");
      const objects = await orders.namespace.objects();
      expect(objects[`Deployment/${orders.app}`]?.status).toMatchObject({ readyReplicas: 1 });
      expect(Object.keys(objects)).toContain(`ConfigMap/${orders.app}-release`);
    },
  );

  it(
    "changes nothing, and asks the repository nothing, when nothing has changed",
    { concurrent: false },
    async () => {
      await clearRequests(world.sandbox.git);
      expect(await orders.up()).toEqual({});
      const path = `${new URL(orders.repository).pathname}/git-receive-pack`;
      expect(await requests(world.sandbox.git, { path })).toEqual([]);
    },
  );

  it(
    "brings a change, and only that; a migration has run before, and the agent neither sees nor may change it",
    { concurrent: false },
    async () => {
      const before = await orders.namespace.uids();
      const more = `${secret(PASSWORDS.orders)}, ...${EXTRA}, ...${migration("000000000001")}`;
      orders.deliver({ greeting: "good day", more, args: SOPS });
      await orders.up();
      expect([await orders.result(), await orders.greeting()]).toEqual(["live", "good day"]);
      expect(await orders.namespace.uids()).toMatchObject(before);
      expect(await migrations()).toEqual(["migrate-000000000001"]);
      expect(await orders.namespace.names()).toContain("ConfigMap/extra");
    },
  );

  it(
    "fails soon after the agent says that a release is broken, in its words, and leaves what runs",
    { concurrent: false },
    async () => {
      orders.deliver({ greeting: "good evening", more: `${EXTRA}, ...${refused(orders.app)}`, args: SOPS });
      const { code, stdout, seconds } = await orders.tryUp();
      expect(code).not.toBe(0);
      expect(stdout).toContain(`is not live in cluster "${CLUSTER}"`);
      expect(stdout).toMatch(/failed: ReconciliationFailed: .*refused/s);
      expect(stdout).not.toMatch(/^ {4}at /m);
      expect(seconds).toBeLessThan(40);
      expect(await orders.namespace.names()).not.toContain("Service/refused");
    },
  );

  it(
    "is live again with the fix, which the broken release does not keep waiting, and what that does not have is removed, with the last object of a kind",
    { concurrent: false },
    async () => {
      orders.deliver({ greeting: "good evening", more: migration("000000000002"), args: SOPS });
      await orders.up();
      expect([await orders.result(), await orders.greeting()]).toEqual(["live", "good evening"]);
      expect(await migrations()).toEqual(["migrate-000000000002"]);
      expect(await orders.namespace.names()).not.toContain("ConfigMap/extra");
      const budgets = { apiVersion: "policy/v1", kind: "PodDisruptionBudget" };
      expect(await orders.namespace.api.list(budgets, { namespace: orders.app })).toEqual([]);
      const former = { name: `${orders.app}-delivery-former`, namespace: orders.app };
      const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: former };
      expect(await orders.namespace.api.get(role)).toBeUndefined();
    },
  );

  it("puts right what somebody has changed in the cluster", { concurrent: false }, async () => {
    const metadata = { name: `${orders.app}-config`, namespace: orders.app };
    const ref = { apiVersion: "v1", kind: "ConfigMap", metadata };
    const drifted = await orders.namespace.api.apply({ ...ref, data: { GREETING: "drifted" } } as never);
    expect(drifted["data"]).toEqual({ GREETING: "drifted" });
    const isHealed = (found?: object): boolean => JSON.stringify(found).includes('"good evening"');
    await orders.namespace.api.until(ref, isHealed, 40_000);
  });

  it(
    "shows an agent that somebody has suspended, and does not call its release live",
    { concurrent: false },
    async () => {
      await orders.suspend(true);
      await orders.project.pulumi("refresh", "--yes", "--skip-preview", "--stack", "dev");
      const state = (): Promise<string> => orders.project.pulumi("stack", "export", "--stack", "dev");
      expect(await state()).toContain("suspended: it is suspended");
      orders.deliver({ greeting: "hello", args: SOPS });
      const { code, stdout, stderr } = await orders.tryUp();
      expect([code, await orders.result()]).toEqual([0, "publishedNotVerified"]);
      expect(`${stdout}${stderr}`).toContain("the agent is suspended for this stack");
      expect(await state()).toContain("orders-pull is not live yet in ");
      await orders.suspend(false);
      await orders.up();
      expect(await orders.result()).toBe("live");
      expect(await state()).toContain("verified orders-pull");
      expect(await state()).not.toContain("is not live yet");
    },
  );

  it(
    "publishes nothing when the input is bad: each problem is named in the preview, with what to do",
    { concurrent: false },
    async () => {
      const before = await orders.tip();
      const bad = {
        more: '[{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "x" }, rules: [] }]',
        args: "",
      };
      orders.deliver({ more: `${secret("plain-canary")}, ...${bad.more}` });
      const said = await orders.refusedPreview();
      expect(said).toMatch(/Secret .*db/);
      expect(said).toContain("clusterScope");
      expect(said).not.toContain("plain-canary");
      orders.deliver({ args: withKey(RSA) });
      const key = await orders.refusedPreview();
      expect(key).toContain("credentials.privateKey is an RSA key of 2048 bits; make an ed25519 one");
      expect(key).not.toContain(RSA.split("\n")[1]);
      orders.deliver({ args: 'interval: "10", repository: "ssh://git@git.example.com/acme/x.git",' });
      expect(await orders.refusedPreview()).toMatch(/interval is "10"; give a whole number with its unit/);
      expect(await orders.tip()).toBe(before);
    },
  );

  it(
    "goes on under another name of its cluster: nothing is made anew, and the folder of the old name is gone",
    { concurrent: false },
    async () => {
      const [before, pods] = await Promise.all([orders.namespace.uids(), orders.namespace.pods()]);
      const clusters = `clusters: [{ name: "west-1", context: "${CLUSTER}", formerly: ["${CLUSTER}"] }],`;
      orders.deliver({ greeting: "hello", args: `${SOPS} ${clusters}` });
      await orders.up();
      expect(await orders.result("west-1")).toBe("live");
      expect(await orders.namespace.uids()).toMatchObject(before);
      expect(await orders.namespace.pods()).toEqual(pods);
      expect(await orders.namespace.api.get(orders.kustomization())).toMatchObject({
        spec: { path: "./clusters/west-1" },
      });
      const client = await orders.clone();
      const folders = await git(client, "ls-tree", "--name-only", `origin/${orders.branch}:clusters`);
      expect(folders).toBe("west-1");
    },
  );
});

/** In order, beside the stacks that others look at. */
describe.concurrent("an environment of a pipeline that is left to Flux", () => {
  it(
    "has Flux in its clusters, told where to read, by delivery up agents, which has nothing more to do then",
    { concurrent: false },
    async () => {
      expect(installed).toMatch(new RegExp(`^agents: \\d+ created; in ${CLUSTER}\\n$`));
      const again = await fleet.delivery.succeed("up", "agents");
      expect(again).toBe(`agents: nothing had to change; in ${CLUSTER}\n`);
    },
  );

  it(
    "is live when delivery promote --up returns, by a stack that has nothing in the cluster itself",
    { concurrent: false },
    async () => {
      const first = await fleet.deliver("hello");
      expect(await fleet.inCluster()).toEqual(["hello", first.id]);
      const state = await fleet.project.pulumi("stack", "export", "--stack", "prod");
      expect(state).not.toContain('"kubernetes:');
    },
  );

  it(
    "shows on the board how far its agent is, and that somebody has suspended it",
    { concurrent: false },
    async () => {
      const board = async (): Promise<string> =>
        (await fleet.delivery.succeed("board", "--live"))
          .split("\n")
          .find((line) => line.startsWith("prod"))!;
      expect(await board()).toMatch(/✓ verified, flux healthy/);
      await fleet.suspend(true);
      expect(await board()).toMatch(/flux suspended: it is suspended/);
      await fleet.suspend(false);
    },
  );

  it(
    "has a preview of what its agents will be told, by the pipeline as it is and as it was",
    { concurrent: false },
    async () => {
      fleet.write("hello", [...KINDS, { apiVersion: "apps/v1", kind: "StatefulSet" }]);
      const said = await fleet.delivery.succeed("preview", "--base", "HEAD");
      expect(said).toContain(
        `agents in ${CLUSTER}: prod may change apps/v1 StatefulSet, too; run "delivery up agents" before the environments`,
      );
      fleet.write("hello");
      expect(await fleet.delivery.succeed("preview", "--base", "HEAD")).toBe("No environment changes.\n");
    },
  );

  it(
    "goes back to what it ran when delivery rollback --up returns, and is held there",
    { concurrent: false },
    async () => {
      const [, before] = await fleet.inCluster();
      await fleet.deliver("good day");
      expect((await fleet.inCluster())[0]).toBe("good day");
      const { code, stderr } = await fleet.delivery.run("rollback", "prod", "--reason", "INC-231", "--up");
      expect([code, stderr]).toEqual([0, expect.stringContaining(`✓ ${CLUSTER}: live`)]);
      expect(await fleet.inCluster()).toEqual(["hello", before]);
      expect(fleet.project.read("stacks/Pulumi.prod.yaml")).toContain("INC-231");
    },
  );
});

async function migrations(): Promise<string[]> {
  const jobs = await orders.namespace.api.list(
    { apiVersion: "batch/v1", kind: "Job" },
    { namespace: orders.app },
  );
  return jobs.map(({ metadata }) => metadata.name);
}

describe.concurrent("two stacks in one cluster", () => {
  it(
    "have nothing to do with each other: no account can do anything in the other's namespace, in Flux's, or beyond",
    { concurrent: false },
    async () => {
      for (const [stack, other] of [
        [orders, billing],
        [billing, orders],
      ] as const) {
        expect(await mayInOwn(stack, "patch", "deployments")).toBe(true);
        expect(await mayInOwn(stack, "impersonate", "serviceaccounts")).toBe(false);
        expect(await mayInOwn(stack, "create", "rolebindings")).toBe(false);
        expect(await rightsBeyond(stack, [other.app, "flux-system", "default"])).toEqual([]);
      }
    },
  );

  it(
    "have their Secrets in the cluster, decrypted, and in Git nowhere to be read, in no commit",
    { concurrent: false },
    async () => {
      expect([await passwordIn(orders), await passwordIn(billing)]).toEqual([
        PASSWORDS.orders,
        PASSWORDS.billing,
      ]);
      for (const [stack, password] of [
        [orders, PASSWORDS.orders],
        [billing, PASSWORDS.billing],
      ] as const) {
        const client = await stack.clone();
        const all = await git(client, "log", "--all", "--patch", "--remotes");
        expect(all).toContain("ENC[AES256_GCM");
        for (const text of [password, Buffer.from(password).toString("base64")])
          expect(all).not.toContain(text);
      }
    },
  );

  it(
    "cannot read each other's: one that is given the other's ciphertext fails in the agent's words",
    { concurrent: false },
    async () => {
      const stolen = { ...(await sealedSecret(orders)), metadata: { name: "stolen" } };
      billing.deliver({
        more: `${secret(PASSWORDS.billing)}, ...[${JSON.stringify(stolen)}]`,
        args: SOPS,
      });
      const { code, stdout } = await billing.tryUp();
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/failed: \w+: .*(?:decrypt|data key)/s);
      expect(await billing.namespace.names()).not.toContain("Secret/stolen");
      for (const password of Object.values(PASSWORDS)) expect(stdout).not.toContain(password);
    },
  );

  it(
    "publish to a branch whose history was rewritten only with consent, and the agent follows then",
    { concurrent: false },
    async () => {
      const client = await billing.clone();
      await git(client, "switch", "--quiet", billing.branch);
      await git(client, "push", "--quiet", "--force", "origin", `HEAD~2:refs/heads/${billing.branch}`);
      billing.deliver({ greeting: "rewritten", more: secret(PASSWORDS.billing), args: SOPS });
      const { code, stdout } = await billing.tryUp();
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/rewr/);
      expect(await billing.greeting()).toBe("hello");
      billing.deliver({
        ...{ greeting: "rewritten", more: secret(PASSWORDS.billing), args: SOPS },
        ledger: 'allow: ["rewrite"],',
      });
      await billing.up();
      expect([await billing.result(), await billing.greeting()]).toEqual(["live", "rewritten"]);
    },
  );

  it(
    "tell when the agent's credentials are no longer taken, without a value of them, and go on with new ones",
    { concurrent: false },
    async () => {
      await expireToken(world.sandbox.git, billing.reader);
      billing.deliver({ greeting: "unreadable", more: secret(PASSWORDS.billing), args: SOPS });
      const { code, stdout } = await billing.tryUp();
      expect(code).not.toBe(0);
      expect(stdout).toContain("the agent cannot read the repository");
      expect(stdout).not.toContain(billing.readToken);
      await billing.renewToken();
      billing.deliver({ greeting: "readable", more: secret(PASSWORDS.billing), args: SOPS });
      await billing.up();
      expect([await billing.result(), await billing.greeting()]).toEqual(["live", "readable"]);
    },
  );

  it(
    "keep the folder of a cluster that is held back, and what runs there",
    { concurrent: false },
    async () => {
      const { record } = await billing.project.outputs<{ record: Record<string, { release: string }> }>();
      const folder = async (): Promise<string> =>
        git(await billing.clone(), "rev-parse", `origin/${billing.branch}:clusters/${CLUSTER}`);
      const before = await folder();
      const pins = JSON.stringify({ [CLUSTER]: record[CLUSTER]!.release });
      billing.deliver({
        greeting: "not for it",
        more: secret(PASSWORDS.billing),
        args: `${SOPS} pins: ${pins},`,
      });
      await billing.up();
      expect([await billing.greeting(), await folder()]).toEqual(["readable", before]);
      expect(await passwordIn(billing)).toBe(PASSWORDS.billing);
    },
  );

  it(
    "publish for a cluster that cannot be reached from here, and say so: its agent takes it, and the next run sees that",
    { concurrent: false },
    async () => {
      billing.deliver({ greeting: "from afar", more: secret(PASSWORDS.billing), args: SOPS });
      const { code, stdout, stderr } = await billing.tryUpFromAfar();
      expect([code, await billing.result()]).toEqual([0, "publishedNotVerified"]);
      expect(`${stdout}${stderr}`).toContain(`cluster ${CLUSTER} cannot be reached`);
      expect(await waitUntil(async () => (await billing.greeting()) === "from afar", 60_000)).toBe(true);
      await billing.up();
      expect(await billing.result()).toBe("live");
    },
  );
});

describe("the example of a delivery by Flux and nothing else", () => {
  it("has the YAML that is there already applied by the agent when pulumi up returns", async () => {
    const { repository, readToken, namespace } = await world.stack("motd");
    const config = { context: CLUSTER, repository, readToken };
    const example = await Example.begin(world.sandbox, "flux", config);
    await example.project.up();
    expect(await example.output("record")).toMatchObject({ eu: { result: "live" } });
    expect(await namespace.configMap("motd")).toEqual({ TEXT: "Welcome" });
    await example.remove();
  });
});

/** A Secret as the ledger had it in the first commit of a stack. */
async function sealedSecret(stack: Stack): Promise<Record<string, unknown>> {
  const client = await stack.clone();
  const [first = ""] = (await git(client, "rev-list", "--reverse", `origin/${stack.branch}`)).split("\n");
  await git(client, "checkout", "--quiet", first);
  const folder = join(client.cwd, "clusters", CLUSTER);
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  return parse(texts.find((text) => /^kind: Secret$/m.test(text)) ?? "") as Record<string, unknown>;
}

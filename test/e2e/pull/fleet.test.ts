import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { TOO_MUCH_CPU } from "../../support/namespace";
import { ownSandbox } from "../../support/sandbox";
import { openWays } from "../../support/ways";
import type { Ways } from "../../support/ways";
import { target, wave } from "../push/world";
import { git } from "../sandbox-git/support";
import { IMAGE, makePullWorld, refused } from "./world";
import type { PullWorld, Stack } from "./world";

/** Two clusters, each with a Flux of its own, and nobody else in them. */
const [CANARY, REST] = ["north-1", "south-1"] as const;
const BOTH = `waves: [${wave("canary", [CANARY])}, ${wave("rest", [REST])}],`;
const ALONE = `waves: [${wave("canary", [CANARY])}],`;
/** A kind that no release before it had: the account gets the right to it in the same update. */
const BUDGET = `[{ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "more" },
  spec: { minAvailable: 0, selector: { matchLabels: { "app.kubernetes.io/name": "orders-fleet" } } } }]`;
const BUDGETS = { apiVersion: "policy/v1", kind: "PodDisruptionBudget" };
/** A Deployment whose pods no node has room for. */
const STUCK = `app({ name: "stuck", image: "${IMAGE}", port: 8080,
  resources: { requests: { cpu: "${TOO_MUCH_CPU}", memory: "16Mi" } } })`;
const PASSWORD = "canary-of-lone-4e07";
const DIRECT = 'secrets: "direct",';
const SECRETS = `[{ apiVersion: "v1", kind: "Secret", metadata: { name: "db" }, stringData: { password: "${PASSWORD}" } },
  { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata: { name: "from-store" },
    spec: { secretStoreRef: { name: "vault" }, target: { name: "from-store" } } }]`;
/** The definition of that kind, in short: its operator is nobody's business here. */
const STORED = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "externalsecrets.external-secrets.io" },
  spec: {
    ...{ group: "external-secrets.io", scope: "Namespaced" },
    names: { kind: "ExternalSecret", plural: "externalsecrets" },
    versions: [
      {
        ...{ name: "v1", served: true, storage: true },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};
const INTRUDER = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: intruder, namespace: flux-system }\n";
/** Of the agents: a release that hangs would keep its fix waiting for so long. */
const TIMEOUT_SECONDS = 60;

let ways: Ways;
let worlds: PullWorld[];
let orders: Stack;
let lone: Stack;

beforeAll(async () => {
  const made = await ownSandbox("fleet", [CANARY, REST]);
  ways = await openWays(made, "fleet");
  const sandbox = { ...made, env: { ...made.env, KUBECONFIG: ways.kubeconfig } };
  worlds = await Promise.all(
    [CANARY, REST].map((cluster) => makePullWorld(`fleet-${cluster}`, { cluster, sandbox })),
  );
  await Promise.all(worlds.map(({ agent }) => agent.up()));
  [orders, lone] = await Promise.all([
    worlds[0]!.stack("orders-fleet"),
    worlds[1]!.stack("lone-fleet"),
    ...worlds.map(({ flux }) => flux.start()),
  ]);
});
afterAll(async () => {
  await Promise.all((worlds ?? []).map((world) => world.remove()));
  await ways?.close();
});

/** The program from now on: a greeting, to both clusters unless `args` say otherwise. */
function deliver(greeting: string, args = "", more = "[]", waves = BOTH): void {
  orders.deliver({ greeting, more, args: `clusters: undefined, ${waves} ${args}` });
}

const greetingIn = async (cluster: string): Promise<unknown> =>
  (await orders.in(cluster).configMap(`${orders.app}-config`))["GREETING"];
const greetings = (): Promise<unknown[]> => Promise.all([CANARY, REST].map(greetingIn));
const results = (): Promise<string[]> => Promise.all([CANARY, REST].map((cluster) => orders.result(cluster)));
const said = ({ stdout, stderr }: RunResult): string => `${stdout}${stderr}`;

const retired = (how: string): string => `retired: [{ ...${target(REST)}, retired: "${how}" }],`;

/** What the ledger's branch says: for git, of a fresh clone. */
async function ledger(...words: string[]): Promise<string> {
  return git(await orders.clone(), ...words);
}
const treeOf = (cluster: string): Promise<string> =>
  ledger("rev-parse", `origin/${orders.branch}:clusters/${cluster}`);
const folders = (): Promise<string> => ledger("ls-tree", "--name-only", `origin/${orders.branch}:clusters`);

/** Whether anything of the delivery is left in a cluster that tells its agent of it. */
async function isTold(cluster: string): Promise<boolean> {
  const { api } = orders.in(cluster);
  const found = await Promise.all([api.get(orders.kustomization()), api.get(orders.source())]);
  return found.some((object) => object !== undefined);
}

async function failure(): Promise<string> {
  const result = await orders.tryUp();
  expect(result.code).not.toBe(0);
  return said(result);
}

/** In order, on one delivery: what one does, the next goes on from. */
describe.concurrent("a delivery by agents in two waves", () => {
  it(
    "is live in one wave after the other, with one commit for each, and the commits for others are no news to an agent",
    { concurrent: false },
    async () => {
      deliver("first");
      await orders.up();
      expect([await results(), await greetings()]).toEqual([
        ["live", "live"],
        ["first", "first"],
      ]);
      const log = await ledger("log", "--reverse", "--format=%s", `origin/${orders.branch}`);
      expect(log.split("\n")).toEqual([
        `deploy orders-fleet to ${CANARY}`,
        `deploy orders-fleet to ${REST}`,
        "verified orders-fleet",
      ]);
      const second = await ledger("show", "--name-only", "--format=", `origin/${orders.branch}~1`);
      for (const path of second.split("\n")) expect(path).toMatch(new RegExp(`^clusters/${REST}/`));
      expect(await orders.up()).toEqual({});
    },
  );

  it(
    "leaves the second wave as it is, in the ledger and in the cluster, when the agent of the first gives the release up",
    { concurrent: false },
    async () => {
      const [tree, versions] = [await treeOf(REST), await orders.in(REST).versions()];
      deliver("second", "", refused(orders.app));
      expect(await failure()).toContain(`orders-fleet is not live in cluster "${CANARY}"`);
      expect([await treeOf(REST), await orders.in(REST).versions()]).toEqual([tree, versions]);
      deliver("second");
      await orders.up();
      expect(await greetings()).toEqual(["second", "second"]);
    },
  );

  it(
    "begins no wave behind a cluster that cannot be asked, whose agent takes the release all the same",
    { concurrent: false },
    async () => {
      await ways.proxy.refuse(ways.route(CANARY));
      deliver("third");
      const text = await failure();
      expect(text).toContain(`cluster ${CANARY} cannot be reached`);
      expect(text).toContain("nothing that comes after it was begun");
      expect(await waitUntil(async () => (await greetingIn(CANARY)) === "third", 60_000)).toBe(true);
      expect(await greetingIn(REST)).toBe("second");
    },
  );

  it(
    'goes on without such a cluster where onUnreachable is "skip", although it swallows connections, and does not call the release verified',
    { concurrent: false },
    async () => {
      await ways.proxy.swallow(ways.route(CANARY));
      deliver("fourth", 'onUnreachable: "skip",');
      const result = await orders.tryUp();
      expect([result.code, said(result)]).toEqual([0, expect.stringContaining("nobody waits for it")]);
      expect(await results()).toEqual(["publishedNotVerified", "live"]);
      expect(await greetingIn(REST)).toBe("fourth");
      expect(await ledger("log", "-1", "--format=%s", `origin/${orders.branch}`)).toBe(
        `orders-fleet is not live yet in ${CANARY}`,
      );
      expect(await waitUntil(async () => (await greetingIn(CANARY)) === "fourth", 60_000)).toBe(true);
    },
  );

  it(
    "goes on without it also with a release for which the account of the stack needs another right, which it gets later",
    { concurrent: false },
    async () => {
      await ways.proxy.refuse(ways.route(CANARY));
      deliver("fifth", 'onUnreachable: "skip",', BUDGET);
      const result = await orders.tryUp();
      expect([result.code, said(result)]).toEqual([0, expect.stringContaining("nobody waits for it")]);
      expect(await greetingIn(REST)).toBe("fifth");
      await ways.reset();
      deliver("fifth", "", BUDGET);
      await orders.up();
      expect([await results(), await greetings()]).toEqual([
        ["live", "live"],
        ["fifth", "fifth"],
      ]);
      expect(await ledger("log", "-1", "--format=%s", `origin/${orders.branch}`)).toBe(
        "verified orders-fleet",
      );
    },
  );

  it(
    "goes on without it also with a release that lacks a kind: its agent removes that when the account may, once it is back",
    { concurrent: false },
    async () => {
      const budgets = async (cluster: string): Promise<number> =>
        (await orders.in(cluster).api.list(BUDGETS, { namespace: orders.app })).length;
      await ways.proxy.refuse(ways.route(CANARY));
      deliver("less", 'onUnreachable: "skip",');
      const result = await orders.tryUp();
      expect([result.code, said(result)]).toEqual([0, expect.stringContaining("nobody waits for it")]);
      await ways.reset();
      deliver("less");
      await orders.up();
      expect([await results(), await budgets(CANARY), await budgets(REST)]).toEqual([["live", "live"], 0, 0]);
    },
  );

  it(
    'fails for such a cluster in the last wave, too, where onUnreachable is "fail", when all else is done',
    { concurrent: false },
    async () => {
      await ways.proxy.refuse(ways.route(REST));
      deliver("sixth", 'onUnreachable: "fail",');
      expect(await failure()).toContain(`orders-fleet is not live in cluster "${REST}"`);
      expect(await greetingIn(CANARY)).toBe("sixth");
      await ways.reset();
      await orders.up();
      expect(await results()).toEqual(["live", "live"]);
    },
  );

  it("refuses another cluster under the name of one, in the preview", { concurrent: false }, async () => {
    const mistaken = `{ name: "rest", clusters: [{ name: "${REST}", context: "${CANARY}" }] }`;
    deliver("sixth", "", "[]", `waves: [${wave("canary", [CANARY])}, ${mistaken}],`);
    expect(await orders.refusedPreview()).toContain(`cluster "${REST}" is another one than before`);
  });

  it(
    "refuses that a cluster leaves as long as it is not said what becomes of it, in the preview",
    { concurrent: false },
    async () => {
      deliver("sixth", "", "[]", ALONE);
      expect(await orders.refusedPreview()).toContain(`cluster "${REST}" is in no wave any more`);
      expect(await greetingIn(REST)).toBe("sixth");
    },
  );

  it(
    "lets a cluster go where it is orphaned: nothing tells its agent any more, what runs stays, and the ledger forgets it",
    { concurrent: false },
    async () => {
      const pods = await orders.in(REST).pods();
      deliver("sixth", retired("orphan"), "[]", ALONE);
      await orders.up();
      expect([await isTold(REST), await folders()]).toEqual([false, CANARY]);
      expect(await orders.in(REST).pods()).toEqual(pods);
      deliver("sixth", "", "[]", ALONE);
      await orders.up();
      expect(await orders.project.pulumi("stack", "export", "--stack", "dev")).not.toContain(REST);
      expect(await greetings()).toEqual(["sixth", "sixth"]);
    },
  );

  it("takes it back with what runs there still: nothing is made anew", { concurrent: false }, async () => {
    const pods = await orders.in(REST).pods();
    deliver("sixth");
    await orders.up();
    expect([await results(), await isTold(REST)]).toEqual([["live", "live"], true]);
    expect(await orders.in(REST).pods()).toEqual(pods);
  });

  it(
    "has the agent empty it where it is deleted, and the other one goes on",
    { concurrent: false },
    async () => {
      deliver("seventh", retired("delete"), "[]", ALONE);
      await orders.up();
      expect([await isTold(REST), await folders()]).toEqual([false, CANARY]);
      expect(await orders.in(REST).names()).toEqual([]);
      expect([await orders.result(CANARY), await greetingIn(CANARY)]).toEqual(["live", "seventh"]);
    },
  );
});

/** Beside it, by the other agent; in order. */
describe.concurrent("a delivery by one of these agents alone", () => {
  it(
    "has a Secret that the program applies itself, and one that a store makes by a name in Git, which has the value of neither",
    { concurrent: false },
    async () => {
      await lone.namespace.api.apply(STORED as never);
      lone.deliver({ greeting: "first", more: SECRETS, args: DIRECT });
      await lone.up();
      expect(await lone.result()).toBe("live");
      const { "Secret/db": found } = await lone.namespace.objects();
      expect(Buffer.from(found!.data!["password"]!, "base64").toString()).toBe(PASSWORD);
      const external = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" };
      const made = await lone.namespace.api.list(external, { namespace: lone.app });
      expect(made.map(({ metadata }) => metadata.name)).toEqual(["from-store"]);
      const all = await git(await lone.clone(), "log", "--all", "--patch");
      expect(all).toContain("kind: ExternalSecret");
      for (const text of [PASSWORD, Buffer.from(PASSWORD).toString("base64"), "kind: Secret\n"])
        expect(all).not.toContain(text);
    },
  );

  it(
    "that hangs does not keep its fix waiting, whoever publishes that: the update that waits for it ends, superseded",
    { concurrent: false },
    async () => {
      lone.deliver({ greeting: "first" });
      await lone.up();
      lone.deliver({ greeting: "first", more: STUCK });
      const running = lone.tryUp();
      expect(await waitUntil(isHanging, 60_000)).toBe(true);
      const hand = await lone.clone();
      await git(hand, "switch", "--quiet", lone.branch);
      await git(hand, "revert", "--no-edit", "HEAD");
      await git(hand, "push", "--quiet", "origin", lone.branch);
      const begun = performance.now();
      const result = await running;
      expect((performance.now() - begun) / 1000).toBeLessThan(TIMEOUT_SECONDS / 2);
      expect([result.code, await lone.result()]).toEqual([0, "superseded"]);
      expect(said(result)).toContain("came after it");
      expect(await waitUntil(isHealthy, TIMEOUT_SECONDS * 500)).toBe(true);
      expect(await lone.namespace.names()).not.toContain("Deployment/stuck");
      lone.deliver({ greeting: "second" });
      await lone.up();
      expect([await lone.result(), await lone.greeting()]).toEqual(["live", "second"]);
    },
  );

  it(
    "reaches into no other stack's namespace, whatever somebody publishes: the cluster refuses it",
    { concurrent: false },
    async () => {
      const hand = await lone.clone();
      await git(hand, "switch", "--quiet", lone.branch);
      lone.write(hand, "intruder.yaml", INTRUDER);
      await git(hand, "add", "--all");
      await git(hand, "commit", "--quiet", "--message", "By hand");
      await git(hand, "push", "--quiet", "origin", lone.branch);
      const words = async (): Promise<string> => (await conditions()).map(({ message }) => message).join();
      await waitUntil(async () => (await words()).includes("forbidden"), 60_000);
      expect(await words()).toMatch(/configmaps.*forbidden.*flux-system/s);
      const { api } = lone.namespace;
      const ref = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "intruder", namespace: "flux-system" },
      };
      expect(await api.get(ref)).toBeUndefined();
    },
  );
});

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}
async function conditions(): Promise<readonly Condition[]> {
  const found = await lone.namespace.api.get(lone.kustomization());
  return (found?.status?.["conditions"] ?? []) as readonly Condition[];
}

/** Whether the agent waits for what it has applied to get healthy. */
const isHanging = async (): Promise<boolean> =>
  (await conditions()).some(({ message }) => message.startsWith("Running health checks")) &&
  (await lone.namespace.names()).includes("Deployment/stuck");
const isHealthy = async (): Promise<boolean> =>
  (await conditions()).some(({ type, status }) => type === "Ready" && status === "True");

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { readRecord, tryRun } from "../../../sandbox/processes/index.ts";
import { Namespace } from "../../support/namespace";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";
import { FLUX_VERSION, makePullWorld } from "./world";
import type { PullWorld, Stack } from "./world";

const CLUSTER = "dev-1";
const EVICTIONS = process.env["DELIVERY_FULL_COUNTS"] === "1" ? 20 : 2;
const OLDER = "2.9.3";
/** A version of a definition that a later one has no more. */
const OLD = "v1alpha7";
const BUCKETS = "buckets.source.toolkit.fluxcd.io";
const SETTLED = { bucketName: "b", endpoint: "x.invalid", interval: "1h", suspend: true };
const bucket = (version: string) => ({
  apiVersion: `source.toolkit.fluxcd.io/${version}`,
  kind: "Bucket",
  metadata: { name: "kept", namespace: "default" },
});

let world: PullWorld;
let books: Stack;
let flux: Namespace;
/** What a program says that wants to use a Flux where there is none. */
let absent: string;

const documentsOf = (text: string): Definition[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Definition);

/** The definition as it was when objects were written in that version. */
function olderDefinition(storage: string): Definition {
  const buckets = documentsOf(world.manifests).find(({ metadata }) => metadata.name === BUCKETS)!;
  const [now] = buckets.spec.versions;
  const versions = [now!, { ...now!, name: OLD }].map((each) => ({
    ...each,
    storage: each.name === storage,
  }));
  return { ...buckets, spec: { ...buckets.spec, versions } };
}

/** Manifests of an older Flux: another version, other arguments, and a definition with one version more. */
function olderManifests(version: string): string {
  const documents = documentsOf(world.manifests).map((each) =>
    each.metadata.name === BUCKETS ? olderDefinition(OLD) : each,
  );
  const text = documents.map((document) => stringify(document)).join("---\n");
  return text.replaceAll(FLUX_VERSION, version).replaceAll("--log-level=info", "--log-level=debug");
}

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: readonly { readonly name: string }[] };
}

beforeAll(async () => {
  [world, absent] = await Promise.all([
    makePullWorld("pull-agent", { cluster: CLUSTER }),
    looking(CLUSTER, OLDER),
  ]);
  flux = new Namespace(world.sandbox, CLUSTER, "flux-system");
  world.install({ version: OLDER, manifests: olderManifests(OLDER) });
  await world.agent.up();
  [books] = await Promise.all([world.stack("books-pull"), world.flux.start()]);
  books.deliver();
  await books.up();
});
afterAll(() => world?.remove());

const deployment = (name = "kustomize-controller") => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "flux-system" },
});

async function argumentsOf(name?: string): Promise<string[]> {
  const found = await flux.api.get(deployment(name));
  const { template } = found!.spec as { template: { spec: { containers: { args: string[] }[] } } };
  return template.spec.containers[0]!.args;
}

async function preview({ root, env }: Project): Promise<string> {
  const args = ["preview", "--stack", "dev", "--non-interactive", "--color", "never"];
  const { code, stdout, stderr } = await tryRun("pulumi", args, { cwd: root, env });
  return `${code === 0 ? "ok" : "refused"}\n${stdout}${stderr}`;
}

/** What a program says that uses the Flux which is there. */
async function looking(cluster: string, version: string): Promise<string> {
  const project = new Project(await sharedSandbox());
  await project.program(`const { FluxAgent } = require("pulumi-delivery");
    new FluxAgent("agent", { cluster: { name: "${cluster}", context: "${cluster}" }, install: false, version: "${version}" });`);
  return preview(project).finally(() => project.remove());
}

/** In order: what one does, the next goes on from. */
describe("Flux in a cluster", () => {
  it("is locked down there: flags, restricted pods, closed networks, and no administrator among the accounts; and it goes last where there is little room", async () => {
    expect(await argumentsOf()).toEqual(
      expect.arrayContaining([
        ...["--no-cross-namespace-refs=true", "--no-remote-bases=true", "--default-service-account=default"],
        ...["--insecure-kubeconfig-exec=false", "--insecure-kubeconfig-tls=false"],
      ]),
    );
    const { template } = (await flux.api.get(deployment()))!.spec as { template: { spec: object } };
    const resources = { limits: { memory: expect.any(String) }, requests: { cpu: expect.any(String) } };
    expect(template.spec).toMatchObject({
      priorityClassName: "system-cluster-critical",
      containers: [{ resources }],
    });
    const namespace = await flux.itself();
    expect(namespace?.metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
    const policies = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
    expect(await flux.api.list(policies, { namespace: "flux-system" })).not.toEqual([]);
    const bindings = await flux.api.list({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
    });
    const ofFlux = bindings
      .map((each) => JSON.stringify(each))
      .filter((text) => text.includes("flux-system"));
    expect(ofFlux).not.toEqual([]);
    expect(ofFlux.filter((text) => text.includes('"cluster-admin"'))).toEqual([]);
  });

  it("can be looked after by others: it is looked at, and what is wrong with it said before anything is changed", async () => {
    const [fits, other] = await Promise.all([looking(CLUSTER, OLDER), looking(CLUSTER, "2.8.0")]);
    expect(fits).toMatch(/^ok/);
    expect(other).toMatch(/^refused/);
    expect(other).toContain("kustomize-controller is of version 2.9.3, not 2.8.0; upgrade it, or name its");
    expect(absent).toMatch(/^refused/);
    expect(absent).toContain('kustomize-controller is not in namespace "flux-system"; install the agent');
  });

  it("is not upgraded to one that could not read what is kept in the cluster", async () => {
    await flux.api.apply({ ...bucket(OLD), spec: SETTLED } as never);
    world.install();
    const said = await preview(world.agent);
    expect(said).toMatch(/^refused/);
    expect(said).toContain(
      `${BUCKETS} has objects in "${OLD}", which ${FLUX_VERSION} does not know any more`,
    );
  });

  it("is upgraded in place by way of one that knows both: nothing is lost, the new arguments hold, and what runs goes on", async () => {
    const before = await books.namespace.pods();
    await betweenVersions();
    await world.agent.up();
    const definition = await flux.api.get({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: BUCKETS },
    });
    expect(definition?.status).toMatchObject({ storedVersions: ["v1"] });
    expect((await flux.api.get(bucket("v1")))?.spec).toMatchObject({ bucketName: "b" });
    await world.flux.start();
    const running = readRecord(world.sandbox.dir, `${CLUSTER}.kustomize-controller`)?.command;
    expect(running).toContain("--log-level=info");
    expect(await books.namespace.pods()).toEqual(before);
    await flux.api.remove(bucket("v1"));
  });

  it(
    `goes on after a controller was evicted when a release was published and not applied yet, ${EVICTIONS} times, without what it had on disk`,
    { timeout: 900_000 },
    async () => {
      for (let turn = 0; turn < EVICTIONS; turn++) {
        const evicted = [world.controllers[turn % world.controllers.length]!];
        const before = await books.tip();
        books.deliver({ greeting: `eviction ${turn}` });
        const running = books.up();
        await expect.poll(() => books.tip(), { timeout: 60_000, interval: 20 }).not.toBe(before);
        await world.flux.evict(evicted);
        await world.flux.start(evicted);
        await running;
        expect([await books.result(), await books.greeting()]).toEqual(["live", `eviction ${turn}`]);
      }
    },
  );

  it("goes where its stack is destroyed and says so; definitions, and what it has delivered, stay, and one that is installed later goes on with them", async () => {
    const pods = await books.namespace.pods();
    world.install({ teardown: "delete" });
    await world.agent.up();
    await world.flux.stop();
    await world.agent.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev");
    expect(await deployments()).toEqual([]);
    expect(await flux.itself()).toBeDefined();
    expect(await books.namespace.api.get(books.kustomization())).toBeDefined();
    expect(await books.namespace.pods()).toEqual(pods);
    world.install();
    await world.agent.up();
    await world.flux.start();
    books.deliver({ greeting: "installed anew" });
    await books.up();
    expect([await books.result(), await books.greeting()]).toEqual(["live", "installed anew"]);
  });
});

const deployments = async (): Promise<string[]> => {
  const kind = { apiVersion: "apps/v1", kind: "Deployment" };
  return (await flux.api.list(kind, { namespace: "flux-system" })).map(({ metadata }) => metadata.name);
};

/** What an upgrade to a version does that knows both: it defines that objects are written in the newer one. */
async function betweenVersions(): Promise<void> {
  const manager = "fieldManager=pulumi-kubernetes-delivery&force=true";
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${BUCKETS}?${manager}`;
  const contentType = "application/apply-patch+yaml";
  const body = olderDefinition("v1");
  const { status, text } = await flux.api.send({ method: "PATCH", path, contentType, body });
  expect([status, text]).toEqual([200, expect.any(String)]);
}

/** What tells Flux of a branch that others publish to. */
function sourceAlone(app: string, repository: string): string {
  return `const { FluxSource } = require("pulumi-delivery");
    new FluxSource("${app}", { cluster: { name: "${CLUSTER}", context: "${CLUSTER}" }, repository: "${repository}",
      branch: "main", kinds: [{ apiVersion: "v1", kind: "ConfigMap" }] });`;
}

let left: Stack;
let alone: Project;

/** In order. */
describe("taking a delivery down", () => {
  it("has the agent delete what runs where that is said, also when it is suspended", async () => {
    const [gone, other] = await Promise.all([world.stack("gone-pull"), world.stack("left-pull")]);
    left = other;
    for (const stack of [gone, left]) stack.deliver({ args: 'teardown: "delete",' });
    alone = new Project(world.sandbox);
    await alone.program(sourceAlone("alone-pull", books.repository));
    await Promise.all([gone.up(), left.up(), alone.up()]);
    await gone.suspend(true);
    await gone.destroy();
    expect(await gone.namespace.names()).not.toContain(`Deployment/${gone.app}`);
    expect(await gone.namespace.api.get(gone.kustomization())).toBeUndefined();
  });

  it("comes after an agent that is dead was waited for as long as a release may take, and no longer", async () => {
    const before = await books.greeting();
    await world.flux.stop();
    books.deliver({ greeting: "nobody takes it", args: 'timeout: "1s",' });
    const { code, stdout } = await books.tryUp();
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/timeout: after 31 s the agent's last word is: \w/);
    expect(stdout).toContain("run pulumi up again to wait for it");
    expect(await books.greeting()).toBe(before);
  });

  it("waits for no agent that is dead: nothing tells it any more, what runs stays, and that is said", async () => {
    const pods = await books.namespace.pods();
    const begun = performance.now();
    const destroyed = alone.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev");
    const [, said] = await Promise.all([books.destroy(), left.destroy(), destroyed]);
    alone.remove();
    expect((performance.now() - begun) / 1000).toBeLessThan(60);
    expect(said).toContain("the workloads were left as they are");
    for (const stack of [books, left]) {
      expect(await stack.namespace.api.get(stack.kustomization())).toBeUndefined();
      expect(await stack.namespace.api.get(stack.source())).toBeUndefined();
      expect(await stack.namespace.names()).toContain(`Deployment/${stack.app}`);
    }
    expect(await books.namespace.pods()).toEqual(pods);
  });
});

describe("a Flux that is not as this program would have it", () => {
  it("is refused when its settings would let one stack read another's source, or when others have installed it", async () => {
    const live = (await flux.api.get(deployment()))!;
    const without = JSON.stringify(live.spec).replace("--no-cross-namespace-refs=true", "--concurrent=4");
    const labels = { ...live.metadata.labels, "app.kubernetes.io/managed-by": "flux" };
    const changed = { ...live, metadata: { ...live.metadata, labels }, spec: JSON.parse(without) as object };
    const path = "/apis/apps/v1/namespaces/flux-system/deployments/kustomize-controller";
    expect((await flux.api.send({ method: "PUT", path, body: changed })).status).toBe(200);
    const [looked, installed] = await Promise.all([looking(CLUSTER, FLUX_VERSION), preview(world.agent)]);
    expect(looked).toContain("runs without --no-cross-namespace-refs=true, so a stack could read another's");
    expect(installed).toContain('kustomize-controller was installed by "flux"; use it with install: false');
  });

  it("stays where its stack is destroyed, unless that says otherwise", async () => {
    const before = await deployments();
    await world.agent.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev");
    expect(before).not.toEqual([]);
    expect(await deployments()).toEqual(before);
  });
});

import { describe, expect, it } from "vitest";
import type { ClusterApi, LiveObject, ObjectRef } from "../../../components/clusters/api";
import { checkAgent } from "../../../components/pull/agent-check";
import type { AgentCheckInputs } from "../../../components/pull/agent-check";
import { fluxAgent } from "../../../components/pull/flux";
import { definitionsOf, readOutdated, rewriteStored } from "../../../components/pull/stored-versions";

const inputs: AgentCheckInputs = {
  ...{ agent: "flux", cluster: "eu", access: { context: "eu" }, installs: false, version: "2.9.4" },
};
const BUCKETS = "buckets.source.toolkit.fluxcd.io";

function deployment(more: { readonly labels?: object; readonly args?: readonly string[] } = {}): object {
  const { args = ["--no-cross-namespace-refs=true"] } = more;
  const labels = { "app.kubernetes.io/version": "v2.9.4", ...more.labels };
  return { metadata: { labels }, spec: { template: { spec: { containers: [{ args }] } } } };
}

/** A cluster with these Deployments and definitions. */
class FakeCluster {
  readonly sent: unknown[] = [];
  readonly #objects: Readonly<Record<string, object>>;

  constructor(objects: Readonly<Record<string, object>>) {
    this.#objects = objects;
  }

  get api(): ClusterApi {
    return {
      get: async ({ name }: ObjectRef) => this.#objects[name] as LiveObject | undefined,
      list: async () => [{ metadata: { name: "one", namespace: "a" } }, { metadata: { name: "two" } }],
      merge: async (ref: ObjectRef, patch: object) => void this.sent.push([ref.apiVersion, ref.name, patch]),
      send: async ({ path, body }: { path: string; body: object }) => {
        this.sent.push([path, body]);
        return { status: 200, text: "{}" };
      },
    } as unknown as ClusterApi;
  }
}
const both = (controller: object): Record<string, object> => ({
  "source-controller": deployment(),
  "kustomize-controller": controller,
});
const check = (objects: Record<string, object>, more: Partial<AgentCheckInputs> = {}): Promise<string[]> =>
  checkAgent({ ...inputs, ...more }, new FakeCluster(objects).api, fluxAgent);

describe("an agent that others look after", () => {
  it("has no problem when it is of the version that is named and keeps stacks apart", async () => {
    expect(await check(both(deployment()))).toEqual([]);
    const newer = both(deployment({ labels: { "app.kubernetes.io/version": "v3.0.0" } }));
    expect(await check(newer, { version: "" })).toEqual([]);
  });

  it("is missed controller by controller, with the cluster's name", async () => {
    expect(await check({})).toEqual([
      'cluster "eu": source-controller is not in namespace "flux-system"; install the agent, or leave install: false out',
      'cluster "eu": kustomize-controller is not in namespace "flux-system"; install the agent, or leave install: false out',
    ]);
  });

  it("is refused in another version, and with settings by which a stack could read another's source", async () => {
    const foreign = deployment({ args: [], labels: { "app.kubernetes.io/version": "v2.8.0" } });
    expect(await check(both(foreign))).toEqual([
      expect.stringContaining("kustomize-controller is of version 2.8.0, not 2.9.4"),
      expect.stringContaining("kustomize-controller runs without --no-cross-namespace-refs=true"),
    ]);
  });
});

describe("an agent that is to be installed", () => {
  it("is refused where somebody else has installed one, who would change it back", async () => {
    const labels = { "app.kubernetes.io/managed-by": "flux" };
    expect(await check(both(deployment({ labels })), { installs: true })).toEqual([
      expect.stringContaining("source-controller was installed by something else"),
      expect.stringContaining('kustomize-controller was installed by "flux"'),
    ]);
  });
});

describe("an upgrade that removes versions", () => {
  const version = (name: string, storage: boolean): object => ({ name, storage, served: true });
  const live = (storedVersions: readonly string[], storage: string): object => ({
    spec: {
      group: "source.toolkit.fluxcd.io",
      names: { kind: "Bucket" },
      versions: ["v1", "v1beta2"].map((name) => version(name, name === storage)),
    },
    status: { storedVersions },
  });
  const definitions = definitionsOf([
    {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: BUCKETS },
      spec: { versions: [version("v1", true)] },
    },
  ]);

  it("needs nothing when nothing is kept in them", async () => {
    const cluster = new FakeCluster({ [BUCKETS]: live(["v1"], "v1") });
    expect(await readOutdated(definitions, cluster.api)).toEqual([]);
    expect(await readOutdated(definitions, new FakeCluster({}).api)).toEqual([]);
  });

  it("has what is kept in them written once more, in a version that stays, and then says so", async () => {
    const cluster = new FakeCluster({ [BUCKETS]: live(["v1beta2", "v1"], "v1") });
    await rewriteStored(await readOutdated(definitions, cluster.api), cluster.api);
    expect(cluster.sent).toEqual([
      ["source.toolkit.fluxcd.io/v1", "one", {}],
      ["source.toolkit.fluxcd.io/v1", "two", {}],
      [
        `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${BUCKETS}/status`,
        { status: { storedVersions: ["v1"] } },
      ],
    ]);
  });

  it("is refused when nothing that stays is known to the cluster: there is a version in between", async () => {
    const objects = { [BUCKETS]: live(["v1beta2"], "v1beta2") };
    expect(await check(objects, { installs: true, definitions })).toEqual([
      `cluster "eu": ${BUCKETS} has objects in "v1beta2", which 2.9.4 does not know any more; upgrade to a version first that knows both`,
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { checks } from "../../../components/checks";
import { app } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import type { PolicyRule } from "../../../components/manifests/rules";
import { pusherRole } from "../../../components/push";
import type { PusherRoleArgs } from "../../../components/push";

const image = `registry.example.com/acme/web@sha256:${"a".repeat(64)}`;
const pusher = { kind: "ServiceAccount", name: "deployer", namespace: "ci" } as const;
const manifests = app({ name: "web", image, port: 8080, config: { A: "b" } });
const roles = (change: Partial<PusherRoleArgs> = {}): Manifest[] =>
  pusherRole({ app: "shop", manifests, pusher, ...change });
const rulesOf = (kind: string, change: Partial<PusherRoleArgs> = {}): PolicyRule[] =>
  roles(change)
    .filter((manifest) => manifest.kind === kind)
    .flatMap(({ rules }) => rules as PolicyRule[]);
const changed = (change: Partial<PusherRoleArgs> = {}): string[] =>
  rulesOf("Role", change)
    .filter(({ verbs }) => verbs.includes("patch"))
    .flatMap(({ resources }) => resources)
    .sort();

describe("the role of whoever pushes", () => {
  it("has no wildcard, and nothing by which it could give itself more", () => {
    const all = [...rulesOf("Role"), ...rulesOf("ClusterRole")];
    const words = all.flatMap(({ apiGroups, resources, verbs }) => [apiGroups, resources, verbs].flat());
    for (const word of ["*", "escalate", "bind", "impersonate", "roles", "secrets", "serviceaccounts/token"])
      expect(words).not.toContain(word);
  });

  it("may change the kinds that are delivered, in the namespace, and the record", () => {
    expect(changed()).toEqual(["configmaps", "deployments", "serviceaccounts", "services"]);
    expect(changed({ manifests: manifests.slice(0, 1) })).toContain("configmaps");
    const places = roles().filter(({ kind }) => /^Role/.test(kind));
    expect(new Set(places.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["shop"]));
  });

  it("may change Secrets only where pull secrets are made", () => {
    expect(changed({ pullSecrets: true })).toContain("secrets");
  });

  it("may make its namespace and no other", () => {
    const made = rulesOf("ClusterRole", { namespace: "shop-eu" }).filter(({ verbs }) =>
      verbs.includes("create"),
    );
    expect(made).toEqual([
      {
        apiGroups: [""],
        resources: ["namespaces"],
        resourceNames: ["shop-eu"],
        verbs: ["get", "create", "patch"],
      },
    ]);
  });

  it("may change objects of the whole cluster by their names, with the plural that their definition has", () => {
    const wide: Manifest[] = [
      {
        ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
        metadata: { name: "mice.example.com" },
        spec: { group: "example.com", names: { kind: "Mouse", plural: "mice" } },
      },
      { apiVersion: "example.com/v1", kind: "Mouse", metadata: { name: "jerry" } },
    ];
    const change = { manifests: [...manifests, ...wide], clusterScope: ["CustomResourceDefinition"] };
    expect(rulesOf("ClusterRole", change)).toContainEqual({
      ...{ apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"] },
      ...{ resourceNames: ["mice.example.com"], verbs: ["get", "create", "patch", "delete"] },
    });
    expect(changed(change)).toContain("mice");
  });

  it("takes the plural of a custom kind from what is said, where its definition is not among the manifests", () => {
    const mouse: Manifest = { apiVersion: "example.com/v1", kind: "Mouse", metadata: { name: "jerry" } };
    const said = { plurals: { "example.com/Mouse": "mice" } };
    expect(changed({ manifests: [...manifests, mouse], ...said })).toContain("mice");
    const check = checks.kubernetes({
      apiVersion: "example.com/v1",
      kind: "Mouse",
      name: "jerry",
      condition: "Ready",
    });
    expect(rulesOf("Role", { checks: [check], ...said })).toContainEqual({
      ...{ apiGroups: ["example.com"], resources: ["mice"], resourceNames: ["jerry"], verbs: ["get"] },
    });
  });

  it("is refused where nobody tells the plurals of custom kinds, all of them at once, and never guesses", () => {
    const custom = (group: string, kind: string): Manifest => ({
      ...{ apiVersion: `${group}/v1`, kind, metadata: { name: "one" } },
    });
    const check = checks.kubernetes({
      apiVersion: "b.example.com/v1",
      kind: "Cat",
      name: "tom",
      condition: "Ready",
    });
    const change = { manifests: [...manifests, custom("a.example.com", "Mouse")], checks: [check] };
    const tried = (): Manifest[] => roles({ ...change, plurals: { "c.example.com/Dog": "Dogs" } });
    expect(tried).toThrow(/a\.example\.com\/Mouse has no definition among the manifests/);
    expect(tried).toThrow(
      /b\.example\.com\/Cat has no definition .*say plurals: { "b\.example\.com\/Cat": "…" }/,
    );
    expect(tried).toThrow(/plurals\["c\.example\.com\/Dog"\] is "Dogs"/);
  });

  it("has the rights that a delivered role gives, since nobody may give more than he has", () => {
    const rule = { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["get"] };
    const role = {
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "reader" } },
      rules: [rule],
    };
    expect(rulesOf("Role", { manifests: [...manifests, role] })).toContainEqual(rule);
  });

  it("may do what the checks of the gates need, where they need it", () => {
    const list = [
      checks.http({ service: "web", port: 80 }),
      checks.job({ name: "smoke", image }),
      checks.prometheus({ service: "prometheus", port: 9090, namespace: "monitoring", query: "up", min: 1 }),
    ];
    const proxy = (name: string): object => ({
      ...{ apiGroups: [""], resources: ["services/proxy"], resourceNames: [name], verbs: ["get"] },
    });
    const inOwn = roles({ checks: list }).filter(({ metadata }) => metadata.namespace === "shop")[0];
    const elsewhere = roles({ checks: list }).filter(
      ({ metadata }) => metadata.namespace === "monitoring",
    )[0];
    expect(inOwn?.rules).toContainEqual(proxy("web:80"));
    expect(inOwn?.rules).toContainEqual({
      apiGroups: ["batch"],
      resources: ["jobs"],
      verbs: ["get", "create"],
    });
    expect(elsewhere?.rules).toEqual([proxy("prometheus:9090")]);
  });

  it.each([
    ["an account", pusher, pusher],
    ["a user", { kind: "User", name: "ci@example.com" }, { apiGroup: "rbac.authorization.k8s.io" }],
    ["a group", { kind: "Group", name: "deployers" }, { apiGroup: "rbac.authorization.k8s.io" }],
  ] as const)("is bound to %s", (_what, who, subject) => {
    const bindings = roles({ pusher: who }).filter(({ kind }) => kind.endsWith("Binding"));
    expect(bindings).toHaveLength(2);
    for (const { subjects } of bindings)
      expect(subjects).toEqual([expect.objectContaining({ ...who, ...subject })]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resourceName, rulesFor } from "../../../components/manifests/rules";
import type { PolicyRule } from "../../../components/manifests/rules";
import { accessManifests } from "../../../components/pull/access";

const kinds = [
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "v1", kind: "ConfigMap" },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
];
const controller = { name: "kustomize-controller", namespace: "flux-system" };
const stack = { name: "shop-delivery", namespace: "shop" };
const access = (more = kinds, clusterScope: readonly string[] = []) =>
  accessManifests(stack, { kinds: more, clusterScope, controller });
const rulesOf = (kind: string): PolicyRule[] =>
  access()
    .filter((manifest) => manifest.kind === kind)
    .flatMap((manifest) => manifest.rules as PolicyRule[]);

describe("the rights of a stack's account", () => {
  it("have no wildcard, and nothing by which it could give itself more", () => {
    const words = rulesOf("Role").flatMap(({ apiGroups, resources, verbs }) =>
      [apiGroups, resources, verbs].flat(),
    );
    expect(words).not.toContain("*");
    expect(words).not.toContain("escalate");
    expect(words).not.toContain("bind");
    expect(words.filter((word) => /secrets|token|roles/.test(word))).toEqual([]);
  });

  it("are for the kinds of the list, in the namespace of the stack", () => {
    expect(new Set(access().map(({ metadata }) => metadata.namespace))).toEqual(new Set(["shop"]));
    const changed = rulesOf("Role").filter(({ verbs }) => verbs.includes("patch"));
    expect(changed.flatMap(({ resources }) => resources).sort()).toEqual([
      "configmaps",
      "deployments",
      "networkpolicies",
      "services",
    ]);
  });

  it("give no pod a token: the account is for the agent to act as", () => {
    const accounts = access().filter(({ kind }) => kind === "ServiceAccount");
    expect(accounts).toMatchObject([{ automountServiceAccountToken: false }]);
  });

  it("let the agent act as this account and as no other", () => {
    const rules = rulesOf("Role").filter(({ verbs }) => verbs.includes("impersonate"));
    expect(rules).toEqual([
      {
        apiGroups: [""],
        resources: ["serviceaccounts"],
        resourceNames: ["shop-delivery"],
        verbs: ["impersonate"],
      },
    ]);
  });

  it("go beyond the namespace only for kinds without one, which the stack has named", () => {
    expect(access().map(({ kind }) => kind)).not.toContain("ClusterRole");
    const wide = access(
      [...kinds, { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" }],
      ["PriorityClass"],
    );
    const role = wide.find(({ kind }) => kind === "ClusterRole");
    expect((role?.rules as PolicyRule[]).flatMap(({ resources }) => resources)).toEqual(["priorityclasses"]);
  });

  it("are the same whatever the order and the number of objects of a kind", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...kinds, ...kinds], { minLength: 8 }), (shuffled) => {
        expect(rulesFor(shuffled)).toEqual(rulesFor(kinds));
      }),
    );
  });
});

describe("the name of a kind in rules", () => {
  it.each([
    ["Deployment", "deployments"],
    ["Ingress", "ingresses"],
    ["NetworkPolicy", "networkpolicies"],
    ["Gateway", "gateways"],
    ["Endpoints", "endpoints"],
    ["HTTPRoute", "httproutes"],
    ["PodDisruptionBudget", "poddisruptionbudgets"],
  ])("of %s is %s", (kind, name) => {
    expect(resourceName(kind)).toBe(name);
  });
});

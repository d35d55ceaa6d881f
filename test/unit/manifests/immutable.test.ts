import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../components/manifests";
import { checkImmutable } from "../../../components/manifests/checks";

const object = (apiVersion: string, kind: string, fields: object, name = "a"): Manifest => ({
  apiVersion,
  kind,
  metadata: { name },
  ...fields,
});
const check = (apiVersion: string, kind: string, before: object, after: object): string[] =>
  checkImmutable([object(apiVersion, kind, before)], [object(apiVersion, kind, after)]);

describe("a change that a cluster refuses", () => {
  it.each([
    [
      "apps/v1",
      "Deployment",
      { spec: { selector: { matchLabels: { a: "1" } } } },
      { spec: { selector: { matchLabels: { a: "2" } } } },
      "spec.selector",
    ],
    [
      "apps/v1",
      "StatefulSet",
      { spec: { serviceName: "a" } },
      { spec: { serviceName: "b" } },
      "spec.serviceName",
    ],
    [
      "apps/v1",
      "StatefulSet",
      { spec: {} },
      { spec: { volumeClaimTemplates: [] } },
      "spec.volumeClaimTemplates",
    ],
    [
      "batch/v1",
      "Job",
      { spec: { template: { spec: { a: 1 } } } },
      { spec: { template: { spec: { a: 2 } } } },
      "spec.template",
    ],
    ["v1", "Secret", { type: "Opaque" }, { type: "kubernetes.io/tls" }, "type"],
    ["v1", "ConfigMap", { immutable: true, data: { a: "1" } }, { immutable: true, data: { a: "2" } }, "data"],
    [
      "v1",
      "PersistentVolumeClaim",
      { spec: { accessModes: ["a"] } },
      { spec: { accessModes: ["b"] } },
      "spec.accessModes",
    ],
    ["v1", "Service", { spec: { clusterIP: "None" } }, { spec: { clusterIP: "10.0.0.1" } }, "spec.clusterIP"],
    [
      "rbac.authorization.k8s.io/v1",
      "RoleBinding",
      { roleRef: { name: "a" } },
      { roleRef: { name: "b" } },
      "roleRef",
    ],
    [
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      { spec: { scope: "Cluster" } },
      { spec: { scope: "Namespaced" } },
      "spec.scope",
    ],
  ] as const)("is found: %s %s", (...[apiVersion, kind, before, after, field]) => {
    expect(check(apiVersion, kind, before, after)).toEqual([
      `${kind} a: ${field} changes, which a cluster refuses; give the object another name, or leave it out for one release`,
    ]);
  });

  it("is found when only the version of the API is another one", () => {
    const before = object("apps/v1beta2", "Deployment", { spec: { selector: { matchLabels: { a: "1" } } } });
    const after = object("apps/v1", "Deployment", { spec: { selector: { matchLabels: { a: "2" } } } });
    expect(checkImmutable([before], [after])).toHaveLength(1);
  });

  it("never shows a value", () => {
    const problems = check(
      "v1",
      "Secret",
      { immutable: true, data: { a: "canary" } },
      { data: { a: "yranac" } },
    );
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toMatch(/canary|yranac/);
  });
});

describe("a change that a cluster takes", () => {
  it.each([
    [
      "apps/v1",
      "Deployment",
      { spec: { replicas: 1, selector: { a: 1, b: 2 } } },
      { spec: { replicas: 2, selector: { b: 2, a: 1 } } },
    ],
    [
      "apps/v1",
      "StatefulSet",
      { spec: { replicas: 1, template: 1, serviceName: "a" } },
      { spec: { replicas: 2, template: 2, serviceName: "a" } },
    ],
    ["v1", "Service", { spec: { clusterIP: "10.0.0.1" } }, { spec: {} }],
    ["v1", "ConfigMap", { data: { a: "1" } }, { immutable: true, data: { a: "2" } }],
    ["v1", "PersistentVolumeClaim", { spec: { resources: { a: 1 } } }, { spec: { resources: { a: 2 } } }],
    ["v1", "Secret", { type: "Opaque", data: { a: "1" } }, { type: "Opaque", data: { a: "2" } }],
    ["apps/v1", "Deployment", { spec: { selector: Promise.resolve(1) } }, { spec: { selector: 2 } }],
    ["example.com/v1", "Widget", { spec: 1 }, { spec: 2 }],
  ])("passes: %s %s", (apiVersion, kind, before, after) => {
    expect(check(apiVersion, kind, before, after)).toEqual([]);
  });

  it("passes for objects that come, go or are others", () => {
    const set = (name: string, serviceName: string): Manifest =>
      object("apps/v1", "StatefulSet", { spec: { serviceName } }, name);
    expect(checkImmutable([set("a", "x"), set("b", "x")], [set("c", "y"), set("a", "x")])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { isClusterScoped, placed } from "../../../components/manifests";
import type { Manifest, Placement } from "../../../components/manifests";

const placement: Placement = { app: "shop", namespace: "shop-eu", clusterScope: ["Widget"] };
const object = (apiVersion: string, kind: string, metadata: object = {}): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: "x", ...metadata },
});

describe("placement", () => {
  it("puts an object into the namespace of the delivery", () => {
    expect(placed(object("v1", "ConfigMap"), placement).metadata.namespace).toBe("shop-eu");
  });

  it("gives no namespace to what belongs to the whole cluster, even when one was written", () => {
    const role = object("rbac.authorization.k8s.io/v1", "ClusterRole", { namespace: "shop-eu" });
    expect(placed(role, placement).metadata).not.toHaveProperty("namespace");
    expect(placed(object("example.com/v1", "Widget"), placement).metadata).not.toHaveProperty("namespace");
  });

  it("keeps a built-in kind in its namespace even when clusterScope names it: it would go to the default one", () => {
    const lifted = { ...placement, clusterScope: ["ConfigMap", "Deployment"] };
    for (const given of [object("v1", "ConfigMap"), object("apps/v1", "Deployment")]) {
      expect(placed(given, lifted).metadata.namespace).toBe("shop-eu");
    }
  });

  it("marks what it places with the recommended labels, and keeps the object's own", () => {
    const labels = { "app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "other", team: "blue" };
    expect(placed(object("v1", "ConfigMap", { labels }), placement).metadata.labels).toEqual({
      ...labels,
      "app.kubernetes.io/managed-by": "pulumi-delivery",
    });
    const all = { ...labels, "app.kubernetes.io/managed-by": "Helm" };
    expect(placed(object("v1", "ConfigMap", { labels: all }), placement).metadata.labels).toEqual(all);
  });

  it("leaves the object that it was given as it was", () => {
    const given = object("v1", "ConfigMap", { labels: { a: "b" } });
    const before = structuredClone(given);
    placed(given, placement);
    expect(given).toEqual(before);
  });

  it("does not change what is placed already", () => {
    const once = placed(object("apps/v1", "Deployment"), placement);
    expect(placed(once, placement)).toEqual(once);
  });

  it("takes labels named __proto__ and constructor as data", () => {
    const labels = JSON.parse('{"__proto__":"polluted","constructor":"x"}') as Record<string, string>;
    const result = placed(object("v1", "ConfigMap", { labels }), placement).metadata.labels ?? {};
    expect(Object.keys(result)).toEqual(expect.arrayContaining(["__proto__", "constructor"]));
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });
});

describe("scope", () => {
  it.each([
    ["v1", "Namespace"],
    ["v1", "PersistentVolume"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole"],
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
    ["storage.k8s.io/v1", "StorageClass"],
  ])("knows that %s %s lives in no namespace", (apiVersion, kind) => {
    expect(isClusterScoped({ apiVersion, kind })).toBe(true);
  });

  it.each([
    ["v1", "ConfigMap"],
    ["apps/v1", "Deployment"],
    ["rbac.authorization.k8s.io/v1", "Role"],
    ["example.com/v1", "ClusterRole"],
    ["example.com/v1", "Namespace"],
    ["constructor/v1", "constructor"],
    ["__proto__/v1", "toString"],
  ])("takes %s %s to live in a namespace", (apiVersion, kind) => {
    expect(isClusterScoped({ apiVersion, kind })).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { renderTokenFile } from "../../../sandbox/clusters/identities.ts";
import { findResource, listPath, objectPath } from "../../../sandbox/clusters/resources.ts";
import { identityManifests, nodeManifest } from "../../../sandbox/clusters/seed.ts";

describe("the token file", () => {
  it("makes only the admin a master; the others are in no group", () => {
    const file = renderTokenFile({ admin: "t1", restricted: "t2", nobody: "t3" });
    expect(file.split("\n")).toEqual([
      't1,admin,admin,"system:masters"',
      "t2,restricted,restricted",
      "t3,nobody,nobody",
      "",
    ]);
  });
});

describe("what a new cluster gets", () => {
  it("gives `restricted` the role edit in its own namespace, and `nobody` nothing", () => {
    const bindings = identityManifests().filter(({ kind }) => kind.endsWith("Binding"));
    expect(bindings).toMatchObject([
      {
        kind: "RoleBinding",
        metadata: { namespace: "restricted" },
        roleRef: { name: "edit" },
        subjects: [{ kind: "User", name: "restricted" }],
      },
    ]);
  });

  it("has nodes that are KWOK's and have something to give", () => {
    expect(nodeManifest("eu", 2)).toMatchObject({
      metadata: { name: "eu-node-2", annotations: { "kwok.x-k8s.io/node": "fake" } },
      status: { allocatable: { cpu: "64", memory: "256Gi", pods: "1000" } },
    });
  });
});

describe("addresses of objects", () => {
  const deployments = { name: "deployments", kind: "Deployment", namespaced: true };
  const nodes = { name: "nodes", kind: "Node", namespaced: false };
  const deployment = { apiVersion: "apps/v1", kind: "Deployment" };

  it("are below the group and the namespace, `default` when none is said", () => {
    const web = { ...deployment, metadata: { name: "web" } };
    expect(objectPath(deployments, web)).toBe("/apis/apps/v1/namespaces/default/deployments/web");
    const shop = { ...deployment, metadata: { name: "web", namespace: "shop" } };
    expect(objectPath(deployments, shop)).toBe("/apis/apps/v1/namespaces/shop/deployments/web");
  });

  it("have no namespace for what is of the whole cluster", () => {
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n" } };
    expect(objectPath(nodes, node)).toBe("/api/v1/nodes/n");
  });

  it("list all namespaces unless one is asked for, and quote the selector", () => {
    expect(listPath(deployments, deployment, {})).toBe("/apis/apps/v1/deployments");
    const query = { namespace: "shop", labelSelector: "app=web,tier!=db" };
    expect(listPath(deployments, deployment, query)).toBe(
      "/apis/apps/v1/namespaces/shop/deployments?labelSelector=app%3Dweb%2Ctier!%3Ddb",
    );
  });

  it("are those of the kind itself, not of its subresources", () => {
    const scale = { name: "deployments/scale", kind: "Deployment", namespaced: true };
    expect(findResource([scale, deployments], "Deployment")).toBe(deployments);
    expect(findResource([scale], "Deployment")).toBeUndefined();
  });
});

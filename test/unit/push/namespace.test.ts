import { describe, expect, it } from "vitest";
import { namespaceManifests } from "../../../components/push/namespace";

describe("the namespace of a delivery", () => {
  it("lets in only pods of the restricted profile, and is the same for every application in it", () => {
    expect(namespaceManifests("shop-eu")).toEqual([
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: "shop-eu",
          labels: {
            "app.kubernetes.io/managed-by": "pulumi-delivery",
            "pod-security.kubernetes.io/enforce": "restricted",
          },
        },
      },
    ]);
  });

  it("is left alone when it is the one that everybody has", () => {
    expect(namespaceManifests("default")).toEqual([]);
  });
});

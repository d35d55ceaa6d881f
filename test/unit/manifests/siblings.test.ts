import { describe, expect, it } from "vitest";
import { siblingVersions } from "../../../components/manifests/schema";

describe("other API versions of an object's kind", () => {
  it.each([
    [
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      ["autoscaling/v1", "autoscaling/v2beta1", "autoscaling/v2beta2"],
    ],
    ["batch/v1", "CronJob", ["batch/v1beta1"]],
    ["apps/v1", "Deployment", ["apps/v1beta1", "apps/v1beta2"]],
    ["networking.k8s.io/v1", "Ingress", ["networking.k8s.io/v1beta1"]],
    ["v1", "ConfigMap", []],
  ])("of %s %s are those of its group, gone ones included", (apiVersion, kind, expected) => {
    expect([...siblingVersions({ apiVersion, kind })].sort()).toEqual(expected);
  });

  it("of a custom kind are those that definitions have as a rule", () => {
    const found = siblingVersions({ apiVersion: "example.com/v1beta1", kind: "Widget" });
    expect(found).toEqual(
      expect.arrayContaining(["example.com/v1", "example.com/v1alpha1", "example.com/v2"]),
    );
    expect(found).not.toContain("example.com/v1beta1");
  });
});

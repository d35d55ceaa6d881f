import { describe, expect, it } from "vitest";
import { imagesOf } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";

const podSpec = {
  initContainers: [{ name: "migrate", image: "r/m@sha256:1" }],
  containers: [{ name: "web", image: "r/w@sha256:2" }, { image: "r/x@sha256:3" }],
};
const make = (kind: string, spec: object): Manifest => ({
  apiVersion: "x/v1",
  kind,
  metadata: { name: "a" },
  spec,
});

describe("the images of an object", () => {
  it.each(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"])(
    "are those of a %s's pods",
    (kind) => {
      expect(imagesOf(make(kind, { template: { spec: podSpec } }))).toEqual([
        { path: "spec.template.spec.initContainers[0].image", container: "migrate", image: "r/m@sha256:1" },
        { path: "spec.template.spec.containers[0].image", container: "web", image: "r/w@sha256:2" },
        { path: "spec.template.spec.containers[1].image", container: "", image: "r/x@sha256:3" },
      ]);
    },
  );

  it("are found in a Pod and in a CronJob, which keep them elsewhere", () => {
    expect(imagesOf(make("Pod", podSpec)).map(({ path }) => path)[0]).toBe("spec.initContainers[0].image");
    const cron = make("CronJob", { jobTemplate: { spec: { template: { spec: podSpec } } } });
    expect(imagesOf(cron).map(({ container }) => container)).toEqual(["migrate", "web", ""]);
  });

  it.each(["ConfigMap", "Service", "constructor", "toString", "__proto__"])("are none in a %s", (kind) => {
    expect(imagesOf(make(kind, { template: { spec: podSpec } }))).toEqual([]);
  });

  it.each([
    undefined,
    null,
    3,
    "text",
    [],
    { template: null },
    { template: { spec: { containers: "no list" } } },
  ])("are none when the spec is %j", (spec) => {
    expect(imagesOf(make("Deployment", spec as object))).toEqual([]);
  });
});

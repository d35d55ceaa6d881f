import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { APPLY_STAGES, inApplyOrder, stageOf } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";

const object = (kind: string, name: string): Manifest => ({ apiVersion: "v1", kind, metadata: { name } });

const kinds = [
  "ConfigMap",
  "Secret",
  "Service",
  "ServiceAccount",
  "RoleBinding",
  "CustomResourceDefinition",
  "Widget",
  "Job",
  "Deployment",
  "Ingress",
];
const lists = fc.array(fc.constantFrom(...kinds)).map((list) => list.map((kind, n) => object(kind, `o${n}`)));

describe("the order of application", () => {
  it("puts what others read before what reads it", () => {
    const given = ["Deployment", "Job", "ConfigMap", "CustomResourceDefinition"].map((kind) =>
      object(kind, "a"),
    );
    expect(inApplyOrder(given).map(({ kind }) => kind)).toEqual([
      "CustomResourceDefinition",
      "ConfigMap",
      "Job",
      "Deployment",
    ]);
  });

  it("loses no object and doubles none", () => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(new Set(inApplyOrder(list))).toEqual(new Set(list));
        expect(inApplyOrder(list)).toHaveLength(list.length);
      }),
    );
  });

  it("keeps the order of declaration inside a stage", () => {
    fc.assert(
      fc.property(lists, (list) => {
        const ordered = inApplyOrder(list);
        for (const stage of APPLY_STAGES) {
          const members = (all: readonly Manifest[]): Manifest[] =>
            all.filter((one) => stageOf(one) === stage);
          expect(members(ordered)).toEqual(members(list));
        }
      }),
    );
  });

  it("never goes back to an earlier stage", () => {
    fc.assert(
      fc.property(lists, (list) => {
        const stages = inApplyOrder(list).map((one) => APPLY_STAGES.indexOf(stageOf(one)));
        expect(stages).toEqual([...stages].sort((a, b) => a - b));
      }),
    );
  });

  it("finishes jobs, migrations among them, before workloads of the same release start", () => {
    expect(stageOf({ kind: "Job" })).not.toBe(stageOf({ kind: "Deployment" }));
  });

  it("starts a Service together with its pods: the plugin waits some seconds for its endpoints either way", () => {
    expect(stageOf({ kind: "Service" })).toBe(stageOf({ kind: "Deployment" }));
  });

  it("treats a kind it does not know as something that workloads read", () => {
    expect(stageOf({ kind: "ExternalSecret" })).toBe(stageOf({ kind: "ConfigMap" }));
  });
});

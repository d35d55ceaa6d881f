import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { app, originOf, overlaid } from "../../../components/manifests";
import type { Manifest, Overlay } from "../../../components/manifests";
import { merged } from "../../../components/manifests/overlay/merge";
import { transformedBy } from "../../../components/manifests/overlay";
import { Mistake } from "../../../components/mistake";
import { IMAGE, STATELESS_APP } from "./everything";

const manifests = app({ name: "web", image: IMAGE, port: 8080, env: { A: "1", B: "2" } });
const find = (list: readonly Manifest[], kind: string): Manifest =>
  list.find((one) => one.kind === kind) as Manifest;
const deployment = (overlay: object): Manifest => {
  const patch = { kind: "Deployment", metadata: { name: "web" }, ...overlay };
  return find(overlaid(manifests, [patch as Overlay]), "Deployment");
};
const container = (fields: object): Record<string, unknown> => {
  const template = { spec: { containers: [{ name: "web", ...fields }] } };
  const spec = deployment({ spec: { template } })["spec"] as {
    template: { spec: { containers: Record<string, unknown>[] } };
  };
  expect(spec.template.spec.containers).toHaveLength(1);
  return spec.template.spec.containers[0] ?? {};
};

describe("an overlay", () => {
  it("changes the fields that it has and no others, of its object and of no other", () => {
    const changed = overlaid(manifests, [
      { kind: "Deployment", metadata: { name: "web", labels: { tier: "front" } }, spec: { replicas: 7 } },
    ]);
    const [before, after] = [find(manifests, "Deployment"), find(changed, "Deployment")];
    expect(after["spec"]).toEqual({ ...(before["spec"] as object), replicas: 7 });
    expect(after.metadata.labels).toEqual({ ...before.metadata.labels, tier: "front" });
    expect(changed.filter((one) => !manifests.includes(one))).toEqual([after]);
    expect(originOf(after)).toBe('app("web")');
  });

  it("finds containers, variables and ports by their name or number; what is new comes last", () => {
    const { env, image } = container({
      env: [
        { name: "B", value: "9" },
        { name: "C", value: "3" },
      ],
    });
    expect(image).toBe(IMAGE);
    expect(env).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: "9" },
      { name: "C", value: "3" },
    ]);
    expect(container({ ports: [{ containerPort: 8080, name: "web" }] })["ports"]).toEqual([
      { containerPort: 8080, name: "web", protocol: "TCP" },
    ]);
  });

  it("takes away what is null or says $patch: delete, and replaces where it says so", () => {
    expect(container({ resources: null })).not.toHaveProperty("resources");
    expect(container({ env: [{ name: "A", $patch: "delete" }] })["env"]).toEqual([{ name: "B", value: "2" }]);
    expect(container({ resources: { $patch: "replace", limits: { memory: "1Gi" } } })["resources"]).toEqual({
      limits: { memory: "1Gi" },
    });
    const gone = overlaid(manifests, [{ kind: "Service", metadata: { name: "web" }, $patch: "delete" }]);
    expect(gone.map(({ kind }) => kind)).not.toContain("Service");
  });

  it("replaces lists of custom kinds, as their clusters do", () => {
    const widget = { apiVersion: "a.io/v1", kind: "Widget", metadata: { name: "w" }, env: [{ name: "A" }] };
    const [changed] = overlaid([widget], [{ kind: "Widget", metadata: { name: "w" }, env: [{ name: "B" }] }]);
    expect(changed?.["env"]).toEqual([{ name: "B" }]);
  });

  it("cannot change the type of an object by naming another version", () => {
    expect(deployment({ apiVersion: "apps/v2" }).apiVersion).toBe("apps/v1");
  });

  it.each<[string, object, string]>([
    [
      "an object that is not there",
      { kind: "Deployment", metadata: { name: "wbe" } },
      'fits no object; name one of "web"',
    ],
    [
      "a kind that is not there",
      { kind: "Job", metadata: { name: "web" } },
      "the list has none of this kind",
    ],
    ["no name", { kind: "Job" }, "overlay 1 has no kind or no metadata.name"],
    [
      "a word for $patch that nobody knows",
      { kind: "Service", metadata: { name: "web" }, $patch: "drop" },
      "$patch is",
    ],
    [
      "a directive of kubectl's own",
      { kind: "Service", metadata: { name: "web" }, "$setElementOrder/ports": [] },
      "is not known here",
    ],
    ["a function", { kind: "Service", metadata: { name: "web" }, spec: () => 1 }, "is of type function"],
  ])("is refused for %s", (_what, overlay, sentence) => {
    expect(() => overlaid(manifests, [overlay as Overlay])).toThrow(Mistake);
    expect(() => overlaid(manifests, [overlay as Overlay])).toThrow(sentence);
  });

  it("leaves both as they were, and pollutes no prototype, whatever their keys are", () => {
    const key = fc.constantFrom("__proto__", "constructor", "prototype", "polluted", "a", "env");
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, "x", null, true),
        fc.array(tie("value"), { maxLength: 3 }),
        fc
          .array(fc.tuple(key, tie("value")), { maxLength: 3 })
          .map(
            (entries) =>
              JSON.parse(`{${entries.map(([k, v]) => `"${k}":${JSON.stringify(v)}`).join()}}`) as unknown,
          ),
      ),
    }));
    fc.assert(
      fc.property(
        value,
        value,
        fc.constantFrom("by key" as const, "replace" as const),
        (base, patch, lists) => {
          const before = JSON.stringify([base, patch]);
          const result = merged(base, patch, lists);
          expect(JSON.stringify([base, patch])).toBe(before);
          expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
          expect(Object.keys(Object.prototype)).toEqual([]);
          if (typeof result === "object" && result !== null && !Array.isArray(result)) {
            expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("laid over twice is the same as once", () => {
    const list = app(STATELESS_APP);
    const overlay = {
      kind: "Deployment",
      metadata: { name: "web", labels: { a: "b" } },
      spec: { template: { spec: { containers: [{ name: "extra", image: IMAGE }] } } },
    };
    const once = overlaid(list, [overlay]);
    expect(overlaid(once, [overlay])).toEqual(once);
  });
});

describe("a transform", () => {
  it("gets the objects of its kind only, and what it returns is the object", () => {
    const kinds: string[] = [];
    const changed = transformedBy(manifests, {
      Service: (service) => {
        kinds.push(service.kind);
        return { ...service, metadata: { ...service.metadata, annotations: { a: "b" } } };
      },
    });
    expect(kinds).toEqual(["Service"]);
    expect(find(changed, "Service").metadata.annotations).toEqual({ a: "b" });
    expect(originOf(find(changed, "Service"))).toBe('app("web")');
    expect(transformedBy(manifests, { constructor: () => find(manifests, "Service") })).toEqual(manifests);
  });
});

import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../components/manifests";
import { checkForce, checkForceFits, forced } from "../../../components/push/force";

const object = (kind: string, name: string): Manifest => ({ apiVersion: "v1", kind, metadata: { name } });
const FORCED = { "pulumi.com/patchForce": "true" };

describe("an object's fields", () => {
  it.each([
    ["of the named kind", ["ConfigMap"], FORCED],
    ["named by itself", ["Deployment/web", "ConfigMap/web"], FORCED],
    ["of another kind", ["Secret"], undefined],
    ["with another name", ["ConfigMap/api"], undefined],
    ["when nothing is named", [], undefined],
  ])("are taken from others only when declared: %s", (_what, rules, annotations) => {
    expect(forced(object("ConfigMap", "web"), rules).metadata.annotations).toEqual(annotations);
  });

  it("keep the annotations that are there", () => {
    const { metadata, ...rest } = object("ConfigMap", "web");
    const own = { ...rest, metadata: { ...metadata, annotations: { a: "b" } } };
    expect(forced(own, ["ConfigMap"]).metadata.annotations).toEqual({ a: "b", ...FORCED });
  });
});

describe("a rule", () => {
  it.each(["", "Deployment/", "apps/v1/Deployment", 1])("that is %j is refused", (rule) => {
    expect(checkForce([rule as string])).toEqual([
      expect.stringContaining("give a kind or one object of it"),
    ]);
  });

  it("that fits no object is refused", () => {
    const objects = [object("ConfigMap", "web")];
    expect(checkForceFits(["ConfigMap", "ConfigMap/web"], objects)).toEqual([]);
    expect(checkForceFits(["ConfigMap/wbe"], objects)).toEqual([
      'force has "ConfigMap/wbe", which is none of the objects; correct or remove it',
    ]);
  });
});

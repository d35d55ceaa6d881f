import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { app, checkList, job, podSecurityLevel } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { EVERY_JOB, STATELESS_APP } from "./everything";

const place = { app: "shop", namespace: "shop", clusterScope: [] };
const manifests = [...app(STATELESS_APP), ...job(EVERY_JOB)].filter(({ kind }) => kind !== "HTTPRoute");

type Path = readonly string[];

/** Where every value inside an object stands, but for those that decide what the object is. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const at = [...path, key];
    const isShape = at.length === 1 ? key !== "spec" && key !== "data" : false;
    return isShape ? [] : [...(at.length > 1 ? [at] : []), ...pathsOf(field, at)];
  });
}

function withLate(value: unknown, [key = "", ...rest]: Path, late: (value: unknown) => unknown): unknown {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = rest.length === 0 ? late(copy[key]) : withLate(copy[key], rest, late);
  return copy;
}

const places = manifests.flatMap((manifest, index) => pathsOf(manifest).map((path) => ({ index, path })));

describe("a value that is known only later", () => {
  it("has no problem without it, so that what follows says something", () => {
    expect(checkList(manifests, place)).toEqual([]);
    expect(places.length).toBeGreaterThan(200);
  });

  it.each<[string, (value: unknown) => unknown]>([
    ["an output", (value) => pulumi.output(value)],
    ["a promise", (value) => Promise.resolve(value)],
  ])("never gives a problem, wherever in an object %s stands: it may be right", (_what, late) => {
    fc.assert(
      fc.property(fc.constantFrom(...places), ({ index, path }) => {
        const changed = manifests.map((manifest, at) =>
          at === index ? (withLate(manifest, path, late) as Manifest) : manifest,
        );
        expect(checkList(changed, place)).toEqual([]);
        expect(podSecurityLevel(changed)).toBe("restricted");
      }),
      { numRuns: 200 },
    );
  });
});

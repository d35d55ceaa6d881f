import { describe, expect, it } from "vitest";
import { recoveryPlan, schemaVerdict, wayBackFrom } from "../../../components/promotion";
import { makeRelease } from "../../../components/release";
import type { Release, SchemaRange } from "../../../components/release";

const made = (letter: string, schema?: SchemaRange): Release =>
  makeRelease("shop", {
    commit: letter.repeat(40),
    sources: letter.repeat(64),
    images: { shop: `registry.example.com/shop@sha256:${letter.repeat(64)}` },
    ...(schema === undefined ? {} : { schema }),
  });
const day = (number: number): Date => new Date(Date.UTC(2026, 10, number));
const waves = [{ name: "all", clusters: ["eu-1"] }];

describe("the way back", () => {
  it("goes to what has succeeded last, other than what is left", () => {
    const verified = [
      { id: "b", verified: day(2) },
      { id: "c", verified: day(3) },
      { id: "a", verified: day(1) },
    ];
    expect([wayBackFrom("c", verified)?.id, wayBackFrom("failed", verified)?.id]).toEqual(["b", "c"]);
    expect(wayBackFrom("a", [{ id: "a", verified: day(1) }])).toBeUndefined();
  });

  it("does not lead to what has succeeded at the very time of what is left", () => {
    const same = [day(2), day(2), day(1)].map((verified, index) => ({ id: "cba"[index]!, verified }));
    expect([wayBackFrom("c", same)?.id, wayBackFrom("b", same)?.id]).toEqual(["a", "a"]);
  });

  it("leads further back the second time, and not to what the first time has left", () => {
    const verified = [
      { id: "b", verified: day(4) },
      { id: "c", verified: day(3) },
      { id: "b", verified: day(2) },
      { id: "a", verified: day(1) },
    ];
    expect([wayBackFrom("c", verified)?.id, wayBackFrom("b", verified)?.id]).toEqual(["b", "a"]);
    expect(wayBackFrom("a", verified)).toBeUndefined();
  });

  it("is planned with all that is known of it", () => {
    const [leaving, target] = [made("b"), made("a")];
    const facts = {
      environment: "prod",
      waves,
      leaving,
      target,
      verified: day(1),
      images: { shop: "there" },
    } as const;
    expect(recoveryPlan(facts)).toEqual({
      ...{ environment: "prod", target: target.id, verified: day(1), images: { shop: "there" } },
      ...{ schema: "none", waves, command: "delivery rollback prod", problems: [] },
    });
  });

  it("is closed by a missing image, by a schema that went on, and to what never succeeded: all said at once", () => {
    const leaving = made("b", { revision: 42, minCompatible: 41 });
    const target = made("a", { revision: 40, minCompatible: 38 });
    const facts = {
      environment: "prod",
      waves,
      leaving,
      target,
      verified: undefined,
      images: { shop: "missing" },
    } as const;
    expect(recoveryPlan(facts).problems).toEqual([
      `${target.id} has never succeeded in prod`,
      `the registry no longer has image shop of it: ${target.images["shop"]}`,
      expect.stringContaining(
        "its code is of schema 40, and the database is at 42, which works with 41 and newer",
      ),
    ]);
  });

  it("is open to every schema that the newer release is compatible with", () => {
    const leaving = made("b", { revision: 42, minCompatible: 40 });
    const to = (revision: number): string =>
      schemaVerdict(leaving, made("a", { revision, minCompatible: 1 }));
    expect([39, 40, 41, 42].map(to)).toEqual(["incompatible", "compatible", "compatible", "compatible"]);
    expect([schemaVerdict(leaving, made("a")), schemaVerdict(made("b"), made("a"))]).toEqual([
      "incompatible",
      "none",
    ]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkDnsLabel,
  checkDnsSubdomain,
  isDnsLabel,
  isDnsSubdomain,
  shown,
} from "../../../components/manifests";

/** The expressions as k8s.io/apimachinery 0.36 has them (`pkg/util/validation`), whose matcher anchors both ends. */
const LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const KUBERNETES_LABEL = new RegExp(`^(?:${LABEL_FORM})$`);
const KUBERNETES_SUBDOMAIN = new RegExp(`^(?:${LABEL_FORM}(\\.${LABEL_FORM})*)$`);

const RUNS = { numRuns: 10_000 };

/** Names near the border of what is allowed, and any other text. */
const names = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(..."aab09-._A \n"), maxLength: 70 }) },
  { weight: 2, arbitrary: fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,80}[a-z0-9])?$/) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(..."ab.-"), minLength: 240, maxLength: 260 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme" }) },
);

describe("names", () => {
  it("accepts a label exactly when Kubernetes does", () => {
    const kubernetes = (name: string): boolean => name.length <= 63 && KUBERNETES_LABEL.test(name);
    fc.assert(
      fc.property(names, (name) => isDnsLabel(name) === kubernetes(name)),
      RUNS,
    );
  });

  it("accepts a subdomain exactly when Kubernetes does", () => {
    const kubernetes = (name: string): boolean => name.length <= 253 && KUBERNETES_SUBDOMAIN.test(name);
    fc.assert(
      fc.property(names, (name) => isDnsSubdomain(name) === kubernetes(name)),
      RUNS,
    );
  });

  it("has a sentence for a name exactly when it is not accepted", () => {
    fc.assert(fc.property(names, (name) => (checkDnsLabel("x", name).length === 0) === isDnsLabel(name)));
    fc.assert(
      fc.property(names, (name) => (checkDnsSubdomain("x", name).length === 0) === isDnsSubdomain(name)),
    );
  });

  it.each(["a", "0", "a-b", "a--b", "9lives", "a".repeat(63)])("takes %j as a label", (name) => {
    expect(isDnsLabel(name)).toBe(true);
  });

  it.each(["", "A", "a_b", "-a", "a-", "a.b", "a".repeat(64), "ä", "a\n", "a b", "a\0", "ａ", "a\u200b"])(
    "refuses %j as a label",
    (name) => {
      expect(isDnsLabel(name)).toBe(false);
    },
  );

  it.each(["a.b", "a", "v1.2", "a".repeat(253)])("takes %j as a subdomain", (name) => {
    expect(isDnsSubdomain(name)).toBe(true);
  });

  it.each(["", ".", "..", "a..b", "a.", ".a", "a.-b", "a.B", "a".repeat(254)])(
    "refuses %j as a subdomain",
    (name) => {
      expect(isDnsSubdomain(name)).toBe(false);
    },
  );

  it("says the field, the value and the rule", () => {
    expect(checkDnsLabel("clusters: a name", "EU_1")).toEqual([
      'clusters: a name is "EU_1", which is no DNS-1123 label; use 1 to 63 of a-z, 0-9 and "-", ' +
        "beginning and ending with a letter or digit",
    ]);
  });

  it.each([undefined, null, 7, {}, ["a"], Symbol("a")])("refuses %s, which is no text at all", (name) => {
    expect(checkDnsLabel("name", name)).toHaveLength(1);
    expect(checkDnsSubdomain("name", name)).toHaveLength(1);
  });
});

describe("a value in an error", () => {
  it("stays on one line and is cut when it is long", () => {
    expect(shown("a\nb")).toBe('"a\\nb"');
    expect(shown("x".repeat(500)).length).toBeLessThan(100);
  });

  it("is shown even when JSON has no form for it", () => {
    expect(shown(undefined)).toBe("undefined");
    expect(shown(7n)).toBe("7");
    expect(shown(Promise.resolve("secret"))).toBe("known only later");
  });
});

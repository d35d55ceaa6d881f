import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { app, checkList, checkManifests, job } from "../../../components/manifests";
import type { Manifest, Placement } from "../../../components/manifests";

const placement: Placement = { app: "shop", namespace: "shop", clusterScope: [] };
const DIGEST = `sha256:${"a".repeat(64)}`;

const configMap = (name: string, metadata: object = {}): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
});
const deployment = (image: unknown): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { template: { spec: { containers: [{ name: "web", image }] } } },
});
const role = (kind: string, name: string): Manifest => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind,
  metadata: { name },
});
const check = (...manifests: unknown[]): string[] => checkManifests(manifests as Manifest[], placement);

describe("objects that are nested too deep", () => {
  const nested = (levels: number): object => {
    let value: object = {};
    for (let level = 0; level < levels; level += 1) value = { a: value };
    return value;
  };
  const circle: Record<string, unknown> = {};
  circle.a = [circle];

  it.each([
    ["by 10,000 levels", nested(10_000)],
    ["by 102 levels", nested(102)],
    ["without an end", circle],
  ])("%s are named, whatever the list is checked for, and the others are checked", (_what, data) => {
    const deep = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "deep" }, data };
    const twice = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "twice" } };
    for (const checks of ["all", "sink"] as const) {
      const problems = checkList([deep, twice, twice] as unknown as Manifest[], { ...placement, checks });
      expect(problems).toHaveLength(2);
      expect(problems[0]).toBe("ConfigMap deep: nesting is deeper than 100 levels; make it flatter");
      expect(problems[1]).toContain("declared twice");
    }
  });
});

describe("an empty render", () => {
  it("is refused, because it would delete all that runs", () => {
    expect(check()).toEqual([
      "manifests returned no object; an empty render would delete all that runs, so it is refused",
    ]);
  });

  it.each([undefined, null, Promise.resolve([]), "text", {}])(
    "is refused when it is no list but %s",
    (list) => {
      const problems = checkManifests(list as unknown as Manifest[], placement);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^manifests returned .*not a list/);
    },
  );
});

describe("a malformed object", () => {
  it.each([
    ["no object", "text", ["manifests[0] is", "not an object"]],
    ["null", null, ["manifests[0] is null"]],
    ["no kind", { apiVersion: "v1", metadata: { name: "a" } }, ["manifests[0].kind is missing"]],
    ["no apiVersion", { kind: "Pod", metadata: { name: "a" } }, ["manifests[0].apiVersion is missing"]],
    ["no metadata", { apiVersion: "v1", kind: "Pod" }, ["manifests[0].metadata is missing"]],
    ["no name", { apiVersion: "v1", kind: "Pod", metadata: {} }, ["manifests[0].metadata.name is undefined"]],
    [
      "a generated name",
      { apiVersion: "v1", kind: "Pod", metadata: { generateName: "a-" } },
      ["manifests[0].metadata.generateName", "give a metadata.name"],
    ],
  ])("is refused when it has %s", (_what, manifest, words) => {
    const problems = check(manifest);
    expect(problems).toHaveLength(1);
    for (const word of words) expect(problems[0]).toContain(word);
  });

  it("does not hide the problems of the other objects", () => {
    const problems = check({ kind: "Pod" }, configMap("a"), configMap("a"), deployment("web:1"));
    expect(problems.join("\n")).toContain("manifests[0].apiVersion is missing");
    expect(problems.join("\n")).toContain("ConfigMap a is declared twice");
    expect(problems.join("\n")).toContain('is "web:1"');
  });
});

describe("a name", () => {
  it("has to be one that Kubernetes takes", () => {
    expect(check(configMap("Web_1"))).toEqual([
      expect.stringContaining('manifests[0].metadata.name is "Web_1", which is no DNS-1123 subdomain'),
    ]);
  });

  it("may have dots, as names of CustomResourceDefinitions do", () => {
    expect(check(configMap("widgets.example.com"))).toEqual([]);
  });

  it.each(["system:reader", "Reader_1"])("of a Role may be %j, as Kubernetes has it", (name) => {
    expect(check(role("Role", name), role("RoleBinding", name))).toEqual([]);
  });

  it.each(["a/b", "a%b", ".", "..", ""])("of a Role may not be %j, which would break its address", (name) => {
    expect(check(role("Role", name))).toHaveLength(1);
  });
});

describe("two objects that are one to the cluster", () => {
  it("are refused with the places of both", () => {
    expect(check(configMap("a"), deployment(`r/web@${DIGEST}`), configMap("a"))).toEqual([
      "ConfigMap a is declared twice: manifests[0] and manifests[2]; keep one, or give it another name",
    ]);
  });

  it("are seen when only one of them names the namespace", () => {
    expect(check(configMap("a"), configMap("a", { namespace: "shop" }))).toHaveLength(1);
  });

  it("are seen when they differ in the version of their API", () => {
    const ingress = (apiVersion: string): Manifest => ({
      apiVersion,
      kind: "Ingress",
      metadata: { name: "a" },
    });
    expect(check(ingress("networking.k8s.io/v1"), ingress("networking.k8s.io/v1beta1"))).toHaveLength(1);
  });

  it("are not the same when group, kind or name differ", () => {
    const widget = (apiVersion: string, kind: string): Manifest => ({
      apiVersion,
      kind,
      metadata: { name: "a" },
    });
    expect(
      check(widget("a.com/v1", "W"), widget("b.com/v1", "W"), widget("a.com/v1", "V"), configMap("a")),
    ).toEqual([]);
  });

  it("are found wherever they stand, and nothing else is", () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const namespace = fc.constantFrom({}, { namespace: "shop" });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, namespace), { minLength: 1 }), (objects) => {
        const doubled = objects.length - new Set(objects.map(([each]) => each)).size;
        expect(check(...objects.map(([each, where]) => configMap(each, where)))).toHaveLength(doubled);
      }),
    );
  });

  it("are named with both of their origins, whatever their kinds and whichever calls have made them", () => {
    const name = fc.constantFrom("web", "api", "jobs");
    const image = `r/web@${DIGEST}`;
    const call = fc.oneof(
      name.map((each) => ({ origin: `app("${each}")`, objects: app({ name: each, image, port: 80 }) })),
      fc.tuple(name, fc.constant({ config: { A: "1" } })).map(([each, config]) => {
        return { origin: `job("${each}")`, objects: job({ name: each, image, ...config }) };
      }),
      fc
        .tuple(name, fc.constantFrom("ConfigMap", "ServiceAccount", "Service"))
        .map(([each, kind]) => ({ origin: undefined, objects: [{ ...configMap(each), kind }] })),
    );
    fc.assert(
      fc.property(fc.array(call, { minLength: 2, maxLength: 6 }), (calls) => {
        const declared = calls.flatMap(({ origin, objects }) =>
          objects.map((object) => ({ origin, object })),
        );
        const places = declared.map(({ origin }, index) => origin ?? `manifests[${index}]`);
        const titles = declared.map(({ object }) => `${object.kind} ${object.metadata.name}`);
        const expected = titles.flatMap((title, index) => {
          const first = titles.indexOf(title);
          return first === index
            ? []
            : [`${title} is declared twice: ${places[first]} and ${places[index]};`];
        });
        const problems = check(...declared.map(({ object }) => object));
        const twice = problems.filter((problem) => problem.includes("declared twice"));
        expect(twice.map((problem) => problem.slice(0, problem.indexOf(";") + 1))).toEqual(expected);
      }),
    );
  });

  it("are refused when one is the record of the release", () => {
    expect(check(configMap("shop-release"))).toEqual([
      "ConfigMap shop-release is declared twice: the record of the release and manifests[0]; keep one, or give it another name",
    ]);
    expect(check({ ...configMap("shop-release"), kind: "Secret" })).toEqual([]);
  });
});

describe("an image", () => {
  it.each([
    "web",
    "web:1.2",
    "r/web:latest",
    "r/web@sha256:abc",
    `r/web@sha256:${"A".repeat(64)}`,
    `@${DIGEST}`,
  ])("%j is refused, because it names no digest of a repository", (image) => {
    const [problem, ...others] = check(deployment(image));
    expect(others).toEqual([]);
    expect(problem).toContain("Deployment web: spec.template.spec.containers[0].image is");
    expect(problem).toContain("repository@sha256:…");
  });

  it.each([undefined, null, 7, ""])("%j is refused, because there is none", (image) => {
    expect(check(deployment(image))).toHaveLength(1);
  });

  it.each([`r/web@${DIGEST}`, `127.0.0.1:5000/web@${DIGEST}`, `r/web:1.2@${DIGEST}`])(
    "%j is taken",
    (image) => {
      expect(check(deployment(image))).toEqual([]);
    },
  );
});

describe("the scope", () => {
  it("of a namespaced object is the delivery's namespace", () => {
    expect(check(configMap("a", { namespace: "other" }))).toEqual([
      'ConfigMap other/a is outside the namespace "shop" of this delivery; leave metadata.namespace out',
    ]);
  });

  it("of the whole cluster has to be allowed by kind", () => {
    expect(check(role("ClusterRole", "reader"))).toEqual([
      'ClusterRole reader belongs to the whole cluster; allow it with clusterScope: ["ClusterRole"] or remove it',
    ]);
    const allowed = { ...placement, clusterScope: ["ClusterRole"] };
    expect(checkManifests([role("ClusterRole", "reader")], allowed)).toEqual([]);
  });

  it("cannot be lifted for a built-in kind that lives in a namespace", () => {
    const lifted = { ...placement, clusterScope: ["ConfigMap", "Widget"] };
    const widget = {
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "a", namespace: "other" },
    };
    expect(checkManifests([configMap("a", { namespace: "other" }), widget], lifted)).toEqual([
      expect.stringContaining("ConfigMap other/a is outside the namespace"),
    ]);
  });

  it("never has a Namespace among the manifests", () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    expect(check(namespace)).toEqual([expect.stringContaining('remove it and set "namespace"')]);
  });
});

describe("labels and annotations", () => {
  it.each([
    ["a key with a space", { "a b": "x" }],
    ["a key too long", { ["a".repeat(64)]: "x" }],
    ["a prefix that is no DNS name", { "A_b/c": "x" }],
    ["two slashes", { "a/b/c": "x" }],
    ["__proto__ as a key", JSON.parse('{"__proto__":"x"}') as object],
    ["a value with a space", { a: "x y" }],
    ["a value too long", { a: "x".repeat(64) }],
    ["a number", { a: 1.1 }],
    ["a truth value", { a: true }],
  ])("are refused with %s", (_what, labels) => {
    const problems = check(configMap("a", { labels }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("ConfigMap a: metadata.labels");
  });

  it.each<Record<string, string>>([
    {},
    { a: "" },
    { "example.com/team": "blue_1.2" },
    { constructor: "x" },
    { ["a".repeat(63)]: "x".repeat(63) },
  ])("are taken as %j", (labels) => {
    expect(check(configMap("a", { labels }))).toEqual([]);
  });

  it("refuses an annotation that is no text, but takes any text", () => {
    expect(check(configMap("a", { annotations: { "a/b": "any text,\nof any length" } }))).toEqual([]);
    expect(check(configMap("a", { annotations: { "a/b": 7 } }))[0]).toContain("metadata.annotations");
  });
});

it("an Output inside a text is refused, with its place: the cluster would get JavaScript's words for it", () => {
  const words = `${pulumi.output("eu")}`;
  const data = {
    URL: `https://${words}/`,
    LIST: JSON.stringify({ region: pulumi.output("eu") }),
    GOOD: "eu",
  };
  expect(check({ ...configMap("a"), data, items: [{ text: words }] })).toEqual([
    expect.stringContaining("ConfigMap a: data.URL is a text with an Output in it"),
    expect.stringContaining("ConfigMap a: data.LIST is"),
    expect.stringMatching(/ConfigMap a: items\[0\]\.text is .*; build the text with pulumi\.interpolate/),
  ]);
});

it("kinds and groups that every JavaScript object has are kinds like others", () => {
  expect(check({ apiVersion: "constructor/v1", kind: "constructor", metadata: { name: "a" } })).toEqual([]);
  expect(check({ apiVersion: "v1", kind: "toString", metadata: { name: "a" } })).toEqual([]);
});

import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../components/manifests";
import {
  checkBuiltIn,
  checkCustom,
  checkServed,
  customSchemas,
  deprecations,
} from "../../../components/manifests/schema";

const object = (apiVersion: string, kind: string, fields: object = {}): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: "a" },
  ...fields,
});
const container = { name: "a", image: "r/a" };
const deployment = (podSpec: object, spec: object = {}): Manifest =>
  object("apps/v1", "Deployment", {
    spec: {
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, spec: { containers: [container], ...podSpec } },
      ...spec,
    },
  });

describe("the schema of built-in kinds", () => {
  it.each([
    [
      "a misspelt field",
      deployment({ contaners: [] }),
      'T: spec.template.spec.contaners is no field of PodSpec; did you mean "containers"?',
    ],
    [
      "swapped letters",
      deployment({}, { relpicas: 1 }),
      'T: spec.relpicas is no field of DeploymentSpec; did you mean "replicas"?',
    ],
    ["an unknown field", deployment({}, { zzz: 1 }), "T: spec.zzz is no field of DeploymentSpec; remove it"],
    [
      "__proto__ as a field",
      deployment({}, JSON.parse('{"__proto__":1}') as object),
      "T: spec.__proto__ is no field of DeploymentSpec; remove it",
    ],
    [
      "a missing field",
      object("apps/v1", "Deployment", { spec: { template: { spec: { containers: [] } } } }),
      "T: spec.selector is missing; DeploymentSpec needs it",
    ],
    [
      "a number in quotes",
      deployment({}, { replicas: "2" }),
      "T: spec.replicas is text; give a whole number, without quotes",
    ],
    [
      "half a replica",
      deployment({}, { replicas: 1.5 }),
      "T: spec.replicas is a number; give a whole number, without quotes",
    ],
    [
      "a number as text",
      object("v1", "ConfigMap", { data: { PORT: 80 } }),
      "T: data.PORT is a number; give text, in quotes",
    ],
    [
      "a truth value as text",
      deployment({ containers: [{ ...container, env: [{ name: "A", value: true }] }] }),
      "T: spec.template.spec.containers[0].env[0].value is a truth value; give text, in quotes",
    ],
    [
      "text as a truth value",
      deployment({ hostNetwork: "true" }),
      "T: spec.template.spec.hostNetwork is text; give true or false, without quotes",
    ],
    [
      "an object as a list",
      deployment({ containers: container }),
      "T: spec.template.spec.containers is an object; give a list",
    ],
    ["a list as an object", object("v1", "ConfigMap", { data: [] }), "T: data is a list; give an object"],
    [
      "text as an object",
      deployment({ securityContext: "x" }),
      "T: spec.template.spec.securityContext is text; give an object",
    ],
    [
      "an unknown word",
      deployment({ containers: [{ ...container, imagePullPolicy: "always" }] }),
      'T: spec.template.spec.containers[0].imagePullPolicy is "always"; give one of Always, IfNotPresent, Never',
    ],
    [
      "a truth value as a quantity",
      deployment({ containers: [{ ...container, resources: { limits: { cpu: true } } }] }),
      "T: spec.template.spec.containers[0].resources.limits.cpu is a truth value; give text or a number",
    ],
  ])("finds %s", (_what, manifest, sentence) => {
    expect(checkBuiltIn("T", manifest)).toEqual([sentence]);
  });

  it("finds everything at once, up to 20 problems of one object", () => {
    expect(checkBuiltIn("T", deployment({ a: 1 }, { b: 1, replicas: "1" }))).toHaveLength(3);
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`f${i}`, i]));
    expect(checkBuiltIn("T", deployment({}, many))).toHaveLength(20);
  });

  it("takes quantities and ports as text or number, nothing for a field left out, and what is known only later", () => {
    const resources = { limits: { cpu: 1, memory: "1Gi" } };
    const ports = [
      { port: 80, targetPort: "http" },
      { port: 81, targetPort: 8080 },
    ];
    expect(checkBuiltIn("T", deployment({ containers: [{ ...container, resources, env: null }] }))).toEqual(
      [],
    );
    expect(checkBuiltIn("T", object("v1", "Service", { spec: { ports } }))).toEqual([]);
    expect(checkBuiltIn("T", deployment({}, { replicas: Promise.resolve(1) }))).toEqual([]);
  });

  it("never shows a value, which may be a secret", () => {
    const problems = checkBuiltIn(
      "T",
      object("v1", "Secret", { stringData: { a: { canary: "canary-7" } }, data: ["canary-7"] }),
    );
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain("canary-7");
  });

  it("leaves a kind alone that it does not have", () => {
    expect(checkBuiltIn("T", object("example.com/v1", "Widget", { spec: 1 }))).toEqual([]);
  });
});

const definition = (schema: object): Manifest =>
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
    spec: {
      group: "example.com",
      names: { kind: "Widget" },
      versions: [
        { name: "v1", served: true, schema: { openAPIV3Schema: schema } },
        { name: "v0", served: false, schema: { openAPIV3Schema: {} } },
      ],
    },
  });
const widget = (spec: unknown, version = "v1"): Manifest =>
  object(`example.com/${version}`, "Widget", { spec });
const schema = {
  type: "object",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer", minimum: 1, maximum: 3 },
        color: { type: "string", enum: ["red", "blue"], maxLength: 4 },
        port: { "x-kubernetes-int-or-string": true },
        tags: { type: "array", maxItems: 2, items: { type: "string" } },
        byName: { type: "object", additionalProperties: { type: "boolean" } },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    },
  },
};

describe("the schema of a custom kind that the render defines", () => {
  const problemsOf = (manifest: Manifest): string[] =>
    checkCustom("T", manifest, customSchemas([definition(schema)]));

  it.each([
    ["a missing field", widget({}), ["T: spec.size is missing; the kind's definition needs it"]],
    ["a wrong type", widget({ size: "1" }), ["T: spec.size is text; give integer"]],
    ["too small and too big a number", widget({ size: 0 }), ["T: spec.size is 0; give 1 at least"]],
    [
      "a misspelt field",
      widget({ size: 1, colour: "red" }),
      ['T: spec.colour is no field of the kind\'s definition; did you mean "color"?'],
    ],
    [
      "an unknown word",
      widget({ size: 1, color: "teal" }),
      ['T: spec.color is none of "red", "blue"; give one of them'],
    ],
    [
      "too long a list, of wrong items",
      widget({ size: 1, tags: ["a", "b", 3] }),
      ["T: spec.tags is 3 items; give 2 at most", "T: spec.tags[2] is a number; give string"],
    ],
    [
      "a wrong value in a map",
      widget({ size: 1, byName: { a: 1 } }),
      ["T: spec.byName.a is a number; give boolean"],
    ],
    [
      "neither text nor a whole number",
      widget({ size: 1, port: 1.5 }),
      ["T: spec.port is a number; give text or a whole number"],
    ],
    [
      "a version that is not served",
      widget({}, "v0"),
      ["T: apiVersion example.com/v0 is not served by the kind's definition beside it"],
    ],
    ["no spec", object("example.com/v1", "Widget"), ["T: spec is missing; the kind's definition needs it"]],
  ])("finds %s", (_what, manifest, sentences) => {
    expect(problemsOf(manifest)).toEqual(sentences);
  });

  it("takes what fits, unknown fields where they are kept, and what is known only later", () => {
    expect(
      problemsOf(
        widget({ size: 3, color: "red", port: "http", tags: [], byName: { a: true }, free: { x: [1] } }),
      ),
    ).toEqual([]);
    expect(problemsOf(widget({ size: Promise.resolve(1) }))).toEqual([]);
    expect(checkCustom("T", widget(1), customSchemas([]))).toEqual([]);
  });
});

describe("API versions", () => {
  it.each([
    ["extensions/v1beta1", "Ingress", /was removed in Kubernetes 1\.22; use networking\.k8s\.io\/v1/],
    ["apps/v1beta2", "Deployment", /was removed in Kubernetes 1\.16; use apps\/v1/],
    ["policy/v1beta1", "PodSecurityPolicy", /was removed in Kubernetes 1\.25; use the label pod-security/],
    ["apps/v2", "Deployment", /Kubernetes 1\.36 serves no Deployment in apiVersion apps\/v2; use apps\/v1/],
    ["v1", "Deployment", /serves no Deployment in apiVersion v1; use apps\/v1/],
    ["apps/v1", "Deploiment", /serves no Deploiment in apiVersion apps\/v1; correct apiVersion and kind/],
  ])("%s %s is refused", (apiVersion, kind, sentence) => {
    expect(checkServed("T", object(apiVersion, kind), "1.36")).toEqual([expect.stringMatching(sentence)]);
  });

  it("are those of the stated Kubernetes version", () => {
    const hpa = object("autoscaling/v2beta2", "HorizontalPodAutoscaler");
    expect(checkServed("T", hpa, "1.25")).toEqual([]);
    expect(deprecations([hpa], "1.25")).toEqual([
      expect.stringContaining("is gone from Kubernetes 1.26 on; use autoscaling/v2"),
    ]);
    expect(checkServed("T", hpa, "1.26")).toHaveLength(1);
    expect(deprecations([object("v1", "Endpoints")], "1.36")).toEqual([
      "Endpoints a: Endpoints is deprecated since Kubernetes 1.33; use EndpointSlice of discovery.k8s.io/v1",
    ]);
    expect(deprecations([object("v1", "Endpoints")], "1.30")).toEqual([]);
  });

  it("of a custom kind are left alone", () => {
    expect(checkServed("T", object("example.com/v1", "Widget"), "1.36")).toEqual([]);
    expect(checkServed("T", object("gateway.networking.k8s.io/v1", "HTTPRoute"), "1.36")).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../components/manifests";
import { checkSelectors } from "../../../components/manifests/checks/selectors";

const deployment = (
  labels: object,
  podSpec: object = {},
  selector: object = { matchLabels: labels },
): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { selector, template: { metadata: { labels }, spec: podSpec } },
});
const service = (selector: unknown, ports: readonly object[] = [], metadata: object = {}): Manifest => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", ...metadata },
  spec: { selector, ports },
});
const web = { app: "web" };
const http = { containers: [{ name: "a", ports: [{ name: "http", containerPort: 8080 }] }] };

describe("a workload's selector", () => {
  it.each([
    ["another label", { matchLabels: { app: "else" } }, 1],
    ["a label that is missing", { matchLabels: { ...web, tier: "x" } }, 1],
    ["a value that is not listed", { matchExpressions: [{ key: "app", operator: "In", values: ["x"] }] }, 1],
    [
      "a value that is ruled out",
      { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] },
      1,
    ],
    ["a label that must not be there", { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] }, 1],
    ["its labels", { matchLabels: web }, 0],
    [
      "what holds",
      {
        matchExpressions: [
          { key: "app", operator: "Exists" },
          { key: "b", operator: "NotIn", values: ["x"] },
        ],
      },
      0,
    ],
    ["a value known only later", { matchLabels: { app: Promise.resolve("web") } }, 0],
  ])("with %s gives %#", (_what, selector, problems) => {
    expect(checkSelectors([deployment(web, {}, selector)])).toHaveLength(problems);
  });

  it("is named when it does not select the object's own pods", () => {
    expect(checkSelectors([deployment(web, {}, { matchLabels: { app: "else" } })])).toEqual([
      "Deployment web: spec.selector does not select the object's own pods; give spec.template.metadata.labels what spec.selector asks for",
    ]);
  });
});

describe("what looks for pods", () => {
  const of = (apiVersion: string, kind: string, spec: object): Manifest => ({
    apiVersion,
    kind,
    metadata: { name: "x" },
    spec,
  });

  it.each([
    ["a Service", service({ app: "else" }), "Service web: spec.selector selects no pods of the list"],
    [
      "a PodDisruptionBudget",
      of("policy/v1", "PodDisruptionBudget", { selector: { matchLabels: { app: "else" } } }),
      "PodDisruptionBudget x: spec.selector selects",
    ],
    [
      "a NetworkPolicy",
      of("networking.k8s.io/v1", "NetworkPolicy", { podSelector: { matchLabels: { app: "else" } } }),
      "NetworkPolicy x: spec.podSelector selects",
    ],
  ])("is refused when it finds none: %s", (_what, manifest, words) => {
    expect(checkSelectors([deployment(web), manifest])).toEqual([expect.stringContaining(words)]);
  });

  it("finds pods in its own namespace only", () => {
    const there = { ...deployment(web), metadata: { name: "web", namespace: "b" } };
    expect(checkSelectors([there, service(web, [], { namespace: "a" })])).toHaveLength(1);
    expect(checkSelectors([there, service(web, [], { namespace: "b" })])).toEqual([]);
    expect(checkSelectors([there, service(web)])).toEqual([]);
  });

  it("is found among many in time that grows no faster than their number", () => {
    const many = (count: number): Manifest[] =>
      Array.from({ length: count }, (_, i) => [
        deployment({ ...web, name: `n${i}` }),
        service({ ...web, name: `n${i}` }),
      ]).flat();
    const work = (count: number): number => {
      const list = many(count);
      const { user } = process.cpuUsage();
      expect(checkSelectors(list)).toEqual([]);
      return process.cpuUsage().user - user;
    };
    work(1000);
    expect(work(10_000)).toBeLessThan(50 * Math.max(work(1000), 1000));
  });

  it("is found by a label that is known only later", () => {
    const later = deployment({ app: Promise.resolve("web") });
    expect(checkSelectors([later, deployment({ app: "b" }), service(web)])).toEqual([]);
    expect(checkSelectors([deployment(web), service({ app: Promise.resolve("web") })])).toEqual([]);
  });

  it("may select everything, or nothing when its endpoints are made by hand", () => {
    expect(
      checkSelectors([
        service(undefined),
        service({}),
        of("networking.k8s.io/v1", "NetworkPolicy", { podSelector: {} }),
      ]),
    ).toEqual([]);
  });

  it("is left alone where a custom kind may make the pods", () => {
    expect(checkSelectors([service({ app: "else" }), of("example.com/v1", "Database", {})])).toEqual([]);
  });
});

describe("a Service's port", () => {
  const ports = (port: object, podSpec: object = http): string[] =>
    checkSelectors([deployment(web, podSpec), service(web, [port])]);

  it.each([
    [
      "a name that no container has",
      { port: 80, targetPort: "https" },
      'Service web: spec.ports[0].targetPort is "https", which no container of its pods has; name one of "http", 8080',
    ],
    ["a number that no container has", { port: 80, targetPort: 9090 }, "spec.ports[0].targetPort is 9090"],
    ["its own number that no container has", { port: 80 }, "spec.ports[0].port is 80"],
  ])("is refused with %s", (_what, port, words) => {
    expect(ports(port)).toEqual([expect.stringContaining(words)]);
  });

  it("is taken by name, by number, and by any number of pods that declare none", () => {
    expect(ports({ port: 80, targetPort: "http" })).toEqual([]);
    expect(ports({ port: 80, targetPort: 8080 })).toEqual([]);
    expect(ports({ port: 8080 })).toEqual([]);
    expect(ports({ port: 80 }, { containers: [{ name: "a" }] })).toEqual([]);
    expect(ports({ port: 80, targetPort: "x" }, { containers: [{ name: "a" }] })).toHaveLength(1);
  });

  it("may be a sidecar's, not that of an init container that ends", () => {
    const init = (restartPolicy: object): object => ({
      ...http,
      initContainers: [{ name: "i", ports: [{ name: "m", containerPort: 1 }], ...restartPolicy }],
    });
    expect(ports({ port: 1, targetPort: "m" }, init({ restartPolicy: "Always" }))).toEqual([]);
    expect(ports({ port: 1, targetPort: "m" }, init({}))).toHaveLength(1);
  });
});

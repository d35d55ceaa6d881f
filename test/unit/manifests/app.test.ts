import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { app, CONFIG_HASH_ANNOTATION, checkManifests } from "../../../components/manifests";
import type { AppArgs, Manifest } from "../../../components/manifests";
import { restrictedViolations } from "../../support/pod-security";

const image = `registry.example.com/acme/web@sha256:${"0123456789abcdef".repeat(4)}`;
const smallest: AppArgs = { name: "web", image, port: 8080 };
const full: AppArgs = {
  ...smallest,
  replicas: 3,
  config: { GREETING: "hello", RETRIES: "3" },
  env: { REGION: "eu" },
  args: ["--verbose"],
  healthPath: "/ready",
  resources: { requests: { cpu: "100m" }, limits: { memory: "256Mi" } },
  user: 1000,
  labels: { team: "blue" },
};

interface Template {
  readonly metadata: {
    readonly annotations?: Record<string, string>;
    readonly labels: Record<string, string>;
  };
  readonly spec: {
    readonly containers: readonly Record<string, unknown>[];
    readonly [field: string]: unknown;
  };
}

const find = (manifests: readonly Manifest[], kind: string): Manifest | undefined =>
  manifests.find((manifest) => manifest.kind === kind);
const templateOf = (args: AppArgs): Template =>
  (find(app(args), "Deployment")?.spec as { template: Template }).template;

/** Any arguments that app() takes. */
const someArgs: fc.Arbitrary<AppArgs> = fc.record(
  {
    name: fc.stringMatching(/^[a-z]([-a-z0-9]{0,60}[a-z0-9])?$/),
    image: fc.constant(image),
    port: fc.integer({ min: 1, max: 65_535 }),
    replicas: fc.nat({ max: 50 }),
    config: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.string()),
    env: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.string()),
    args: fc.array(fc.string()),
    user: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  },
  { requiredKeys: ["name", "image", "port"] },
);

/** Where a value that has no place in a Kubernetes object stands. */
function holes(value: unknown, path = "$"): string[] {
  if (value === undefined || Number.isNaN(value)) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => holes(field, `${path}.${key}`));
}

describe("app()", () => {
  it("makes the objects of the golden file", () => {
    const golden = readFileSync(new URL("../../golden/app.yaml", import.meta.url), "utf8");
    expect(
      app(full)
        .map((manifest) => stringify(manifest, { lineWidth: 0 }))
        .join("---\n"),
    ).toBe(golden);
  });

  it("makes pods that the restricted Pod Security profile lets in, whatever its arguments", () => {
    fc.assert(
      fc.property(someArgs, (args) => {
        expect(restrictedViolations(templateOf(args).spec)).toEqual([]);
      }),
    );
  });

  it("mounts no token, neither by the pod nor by its ServiceAccount", () => {
    expect(templateOf(full).spec.automountServiceAccountToken).toBe(false);
    expect(find(app(full), "ServiceAccount")?.automountServiceAccountToken).toBe(false);
    expect(templateOf(full).spec.serviceAccountName).toBe("web");
  });

  it("keeps a root file system that cannot be written", () => {
    expect(templateOf(smallest).spec.containers[0]?.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
    });
  });

  it("leaves nothing undefined in an object, whatever its arguments", () => {
    fc.assert(
      fc.property(someArgs, (args) => {
        expect(holes(app(args))).toEqual([]);
      }),
    );
    const undefineds = {
      ...smallest,
      replicas: undefined,
      config: undefined,
      env: undefined,
      labels: undefined,
    };
    expect(holes(app(undefineds as unknown as AppArgs))).toEqual([]);
  });

  it("makes what checkManifests finds nothing wrong in", () => {
    fc.assert(
      fc.property(someArgs, (args) => {
        expect(checkManifests(app(args), { app: "shop", namespace: "shop", clusterScope: [] })).toEqual([]);
      }),
    );
  });

  it("rolls the pods when a setting changes, and only then", () => {
    const hashOf = (config: Record<string, string>): string | undefined =>
      templateOf({ ...smallest, config }).metadata.annotations?.[CONFIG_HASH_ANNOTATION];
    expect(hashOf({ A: "1", B: "2" })).toMatch(/^[0-9a-f]{16}$/);
    expect(hashOf({ A: "1", B: "2" })).toBe(hashOf({ B: "2", A: "1" }));
    expect(hashOf({ A: "1", B: "2" })).not.toBe(hashOf({ A: "1", B: "3" }));
    expect(hashOf({ A: "1" })).not.toBe(hashOf({ B: "1" }));
  });

  it("has no ConfigMap and no reference to one without settings", () => {
    expect(app(smallest).map(({ kind }) => kind)).toEqual(["ServiceAccount", "Service", "Deployment"]);
    expect(JSON.stringify(app(smallest))).not.toContain("configMapRef");
    expect(templateOf(smallest).metadata.annotations).toBeUndefined();
  });

  it("selects exactly its own pods, and selects the same ones after a change of labels", () => {
    const selector = (args: AppArgs): unknown =>
      (find(app(args), "Service")?.spec as { selector: unknown }).selector;
    expect(selector(full)).toEqual({ "app.kubernetes.io/name": "web" });
    expect(templateOf(full).metadata.labels).toMatchObject(selector(full) as object);
    const relabelled = { ...full, labels: { "app.kubernetes.io/name": "else" } };
    expect(selector(relabelled)).toEqual(selector(full));
    expect(templateOf(relabelled).metadata.labels).toMatchObject(selector(full) as object);
  });

  it("runs no pod when told to run none", () => {
    expect(find(app({ ...smallest, replicas: 0 }), "Deployment")?.spec).toMatchObject({ replicas: 0 });
  });
});

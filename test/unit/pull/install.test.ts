import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../components/manifests";
import { imagesOf } from "../../../components/manifests/images";
import {
  fluxAgent,
  DEFAULT_FLUX_COMPONENTS,
  FLUX_COMPONENTS,
  publishedVersion,
} from "../../../components/pull/flux";
import { checkFluxAgent } from "../../../components/pull/installation";

const RBAC = "rbac.authorization.k8s.io/v1";
const labels = (component: string) => ({ "app.kubernetes.io/component": component });
const deployment = (name: string, args: readonly string[]): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "flux-system", labels: labels(name) },
  spec: {
    template: { spec: { containers: [{ name: "manager", image: `ghcr.io/fluxcd/${name}:v1.9.4`, args }] } },
  },
});
const subjects = FLUX_COMPONENTS.map((name) => ({ kind: "ServiceAccount", name, namespace: "flux-system" }));

/** As the published manifests are, in short. */
const published: readonly Manifest[] = [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "flux-system", labels: { "app.kubernetes.io/version": "v2.9.4" } },
  },
  {
    apiVersion: RBAC,
    kind: "ClusterRoleBinding",
    metadata: { name: "cluster-reconciler-flux-system" },
    subjects,
  },
  {
    apiVersion: RBAC,
    kind: "ClusterRoleBinding",
    metadata: { name: "crd-controller-flux-system" },
    subjects,
  },
  ...FLUX_COMPONENTS.map((name) => deployment(name, ["--watch-all-namespaces", "--events-addr=http://x./"])),
];
const install = (components: readonly string[] = DEFAULT_FLUX_COMPONENTS): readonly Manifest[] =>
  fluxAgent.install({ published, version: "2.9.4", components });
const argsOf = (name: string, list = install()): string[] => {
  const found = list.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name);
  const { template } = found!.spec as { template: { spec: { containers: { args: string[] }[] } } };
  return template.spec.containers[0]!.args;
};

describe("the installation of Flux", () => {
  it("has the chosen components and no others", () => {
    const names = install().flatMap(({ kind, metadata }) => (kind === "Deployment" ? [metadata.name] : []));
    expect(names).toEqual([...DEFAULT_FLUX_COMPONENTS]);
  });

  it("makes no controller an administrator of the cluster", () => {
    expect(install().map(({ metadata }) => metadata.name)).not.toContain("cluster-reconciler-flux-system");
  });

  it("gives rights to the accounts of the chosen components alone", () => {
    const binding = install().find(({ kind }) => kind === "ClusterRoleBinding");
    expect((binding!.subjects as { name: string }[]).map(({ name }) => name).sort()).toEqual(
      [...DEFAULT_FLUX_COMPONENTS].sort(),
    );
  });

  it("locks the controllers down", () => {
    expect(argsOf("kustomize-controller")).toEqual([
      "--watch-all-namespaces",
      "--events-addr=http://x./",
      "--no-cross-namespace-refs=true",
      "--no-remote-bases=true",
      "--default-service-account=default",
      "--insecure-kubeconfig-exec=false",
      "--insecure-kubeconfig-tls=false",
      "--override-manager=pulumi-kubernetes",
      "--feature-gates=CancelHealthCheckOnNewRevision=true",
    ]);
    expect(argsOf("notification-controller")).toContain("--no-cross-namespace-refs=true");
  });

  it("pulls every image by its digest where they are given, and says which version that is", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const digests = Object.fromEntries(DEFAULT_FLUX_COMPONENTS.map((name) => [name, digest]));
    const pinned = fluxAgent.install({
      published,
      version: "2.9.4",
      components: DEFAULT_FLUX_COMPONENTS,
      digests,
    });
    const images = pinned.flatMap((manifest) => imagesOf(manifest).map(({ image }) => image));
    expect(images).toEqual(DEFAULT_FLUX_COMPONENTS.map((name) => `ghcr.io/fluxcd/${name}:v1.9.4@${digest}`));
    expect(install().flatMap((manifest) => imagesOf(manifest).map(({ image }) => image))).toEqual(
      DEFAULT_FLUX_COMPONENTS.map((name) => `ghcr.io/fluxcd/${name}:v1.9.4`),
    );
  });

  it("refuses digests that are none, too few, and of what is not installed", () => {
    const args = {
      cluster: { name: "eu", context: "eu" },
      ...{ version: "2.9.4", manifests: { path: "flux.yaml" } },
      digests: { "source-controller": "v1", "helm-controller": `sha256:${"a".repeat(64)}` },
    };
    expect(checkFluxAgent(args).filter((problem) => problem.startsWith("digests"))).toEqual([
      'digests: source-controller has "v1"; give "sha256:" and 64 hex digits',
      "digests has none for kustomize-controller; add it, or leave digests out",
      "digests has none for notification-controller; add it, or leave digests out",
      'digests has "helm-controller", which is not installed; remove it',
    ]);
  });

  it("sends no events where there is nobody to take them", () => {
    const list = install(["source-controller", "kustomize-controller"]);
    expect(argsOf("source-controller", list)).toEqual(["--watch-all-namespaces"]);
  });

  it("enforces restricted pods in its namespace", () => {
    const namespace = install().find(({ kind }) => kind === "Namespace");
    expect(namespace!.metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
  });

  it("knows the version that the manifests say they are of", () => {
    expect(publishedVersion(published)).toBe("2.9.4");
    expect(publishedVersion(published.slice(1))).toBeUndefined();
  });
});

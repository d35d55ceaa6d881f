import { fieldsAt, fieldsOf, listOf } from "../../manifests/fields";
import { groupOf, MANAGED_BY } from "../../manifests";
import type { Manifest } from "../../manifests";
import type { AgentInstallArgs } from "../contract";

/** The binding that makes the controllers administrators of the cluster. Each stack allows what it needs instead. */
const ADMINISTRATORS = "cluster-reconciler";
const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" };
const COMPONENT = "app.kubernetes.io/component";

/**
 * Flags that keep stacks apart. Source: Flux, "Multi-tenancy lockdown".
 *
 * - `override-manager`: what Pulumi applied by push is taken over, so that a key that is removed later disappears.
 * - `CancelHealthCheckOnNewRevision`: a broken release does not keep its fix waiting.
 */
const LOCKDOWN: Readonly<Record<string, readonly string[]>> = {
  "kustomize-controller": [
    "--no-cross-namespace-refs=true",
    "--no-remote-bases=true",
    "--default-service-account=default",
    "--insecure-kubeconfig-exec=false",
    "--insecure-kubeconfig-tls=false",
    "--override-manager=pulumi-kubernetes",
    "--feature-gates=CancelHealthCheckOnNewRevision=true",
  ],
  "helm-controller": [
    "--no-cross-namespace-refs=true",
    "--default-service-account=default",
    "--insecure-kubeconfig-exec=false",
    "--insecure-kubeconfig-tls=false",
  ],
  "notification-controller": ["--no-cross-namespace-refs=true"],
  "image-reflector-controller": ["--no-cross-namespace-refs=true"],
  "image-automation-controller": ["--no-cross-namespace-refs=true"],
};

/** The published install manifests with the chosen components only, locked down. */
export function fluxManifests(args: AgentInstallArgs): readonly Manifest[] {
  const { published, version, components } = args;
  return published
    .filter((manifest) => isChosen(manifest, components) && !isAdministrators(manifest))
    .map((manifest) => labelled(lockedDown(manifest, args), version));
}

/** An object of a component says so in a label; what has none belongs to all. */
function isChosen({ metadata }: Manifest, components: readonly string[]): boolean {
  const component = metadata.labels?.[COMPONENT];
  return component === undefined || components.includes(component);
}

function isAdministrators({ kind, metadata }: Manifest): boolean {
  return kind === "ClusterRoleBinding" && metadata.name.startsWith(ADMINISTRATORS);
}

function labelled(manifest: Manifest, version: string): Manifest {
  const labels = {
    ...manifest.metadata.labels,
    "app.kubernetes.io/managed-by": MANAGED_BY,
    "app.kubernetes.io/version": `v${version}`,
  };
  return { ...manifest, metadata: { ...manifest.metadata, labels } };
}

type Lockdown = Pick<AgentInstallArgs, "components" | "digests">;

function lockedDown(manifest: Manifest, lockdown: Lockdown): Manifest {
  const { kind, metadata } = manifest;
  if (kind === "Namespace") {
    return { ...manifest, metadata: { ...metadata, labels: { ...metadata.labels, ...RESTRICTED } } };
  }
  if (kind === "Deployment") return withContainers(manifest, lockdown);
  return kind === "ClusterRoleBinding" && groupOf(manifest) !== ""
    ? withSubjects(manifest, lockdown.components)
    : manifest;
}

/** Accounts of components that are left out have no rights either. */
function withSubjects(manifest: Manifest, components: readonly string[]): Manifest {
  const subjects = listOf(manifest.subjects).filter(({ name }) => components.includes(String(name)));
  return { ...manifest, subjects };
}

function withContainers(manifest: Manifest, { components, digests = {} }: Lockdown): Manifest {
  const { name } = manifest.metadata;
  const spec = fieldsOf(manifest.spec);
  const template = fieldsOf(spec.template);
  const pod = fieldsOf(template.spec);
  const containers = listOf(pod.containers).map((container) => {
    const args = (container.args ?? []) as readonly string[];
    const pinned = { ...container, ...imageOf(container.image, digests[name]) };
    return { ...pinned, args: flagsOf(name, args, components) };
  });
  return { ...manifest, spec: { ...spec, template: { ...template, spec: { ...pod, containers } } } };
}

/** The tag stays, to be read; the digest is what is pulled. */
function imageOf(image: unknown, digest: string | undefined): { readonly image?: string } {
  if (typeof image !== "string" || digest === undefined) return {};
  return { image: `${image.replace(/@.*$/, "")}@${digest}` };
}

function flagsOf(name: string, given: readonly string[], components: readonly string[]): string[] {
  const ours = LOCKDOWN[name] ?? [];
  const nameOf = (flag: string): string => flag.split("=")[0]!;
  const kept = given.filter(
    (flag) =>
      !ours.some((own) => nameOf(own) === nameOf(flag)) &&
      // Without notification-controller there is nobody to take events, and each would be tried again and again.
      (nameOf(flag) !== "--events-addr" || components.includes("notification-controller")),
  );
  return [...kept, ...ours];
}

/** The version that published manifests say they are of, without its `v`; undefined when they say none. */
export function publishedVersion(published: readonly Manifest[]): string | undefined {
  const namespace = published.find(({ kind }) => kind === "Namespace");
  const version = fieldsAt(namespace, "metadata", "labels")["app.kubernetes.io/version"];
  return typeof version === "string" ? version.replace(/^v/, "") : undefined;
}

import { FluxSource } from "pulumi-delivery";
import { observe } from "../../../support/observe.ts";

/** Who made the objects that tell Flux what to do. */
export type Author = "ours" | "by hand";

/** One stack: its namespace is its name. */
export interface StackSpec {
  readonly name: string;
  readonly cluster: string;
  /** Text of the cluster's kubeconfig. */
  readonly kubeconfig: string;
  /** Address of the repository, which everybody may read. */
  readonly repository: string;
  readonly branch: string;
  /** Of the webhook. */
  readonly token: string;
}

export interface BenchObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** Long enough that no poll is taken for a webhook, and no healing falls into a measurement. */
const INTERVAL = "10m";
const TIMEOUT = "2m";
/** A stack's objects are those of its folder. */
export const folderOf = (cluster: string): string => `clusters/${cluster}`;
/** The name of GitRepository, Kustomization and Receiver. */
export const nameOf = ({ name }: Pick<StackSpec, "name">): string => `${name}-delivery`;

/** What `FluxSource` declares for these stacks, without an engine. */
export async function ourObjects(stacks: readonly StackSpec[]): Promise<BenchObject[]> {
  const world = await observe(() => {
    for (const { name, cluster, kubeconfig, repository, branch, token } of stacks) {
      new FluxSource(name, {
        ...{ cluster: { name: cluster, kubeconfig }, repository, branch },
        ...{ interval: INTERVAL, healInterval: INTERVAL, timeout: TIMEOUT },
        webhook: { url: "http://127.0.0.1:1", token, type: "github" },
        kinds: [{ apiVersion: "v1", kind: "ConfigMap" }],
      });
    }
  });
  const objects = world.filter(({ type }) => type.startsWith("kubernetes:"));
  return objects.map(({ inputs }) => plain(inputs) as BenchObject).filter(({ kind }) => kind !== undefined);
}

/** The key by which a secret is told from a plain value on its way to the engine. Source: Pulumi, `runtime/rpc.ts`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  if (SIGNATURE in fields) return plain(fields["value"]);
  return Object.fromEntries(Object.entries(fields).map(([key, below]) => [key, plain(below)]));
}

/** As Flux's own guide for several tenants has it: an account that administers its namespace, a source, its application. */
export function handWritten(stack: StackSpec): BenchObject[] {
  const { name: namespace, repository, branch, cluster, token } = stack;
  const name = nameOf(stack);
  const metadata = { name, namespace };
  const account = [{ kind: "ServiceAccount", name, namespace }];
  const controller = [{ kind: "ServiceAccount", name: "kustomize-controller", namespace: "flux-system" }];
  const rbac = "rbac.authorization.k8s.io";
  const role = (kind: string, of: string) => ({ apiGroup: rbac, kind, name: of });
  const agent = { name: `${name}-agent`, namespace };
  const sourceRef = { kind: "GitRepository", name };
  const path = `./${folderOf(cluster)}`;
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      ...{ apiVersion: `${rbac}/v1`, kind: "RoleBinding", metadata, subjects: account },
      roleRef: role("ClusterRole", "admin"),
    },
    {
      ...{ apiVersion: `${rbac}/v1`, kind: "Role", metadata: agent },
      rules: [
        { apiGroups: [""], resources: ["serviceaccounts"], resourceNames: [name], verbs: ["impersonate"] },
      ],
    },
    {
      ...{ apiVersion: `${rbac}/v1`, kind: "RoleBinding", metadata: agent, subjects: controller },
      roleRef: role("Role", agent.name),
    },
    { apiVersion: "v1", kind: "Secret", metadata: { ...metadata, name: "hook" }, stringData: { token } },
    {
      ...{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", metadata },
      spec: { url: repository, ref: { branch }, interval: INTERVAL },
    },
    {
      ...{ apiVersion: "notification.toolkit.fluxcd.io/v1", kind: "Receiver", metadata },
      spec: { type: "github", events: ["ping", "push"], secretRef: { name: "hook" }, resources: [sourceRef] },
    },
    {
      ...{ apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata },
      spec: {
        ...{ sourceRef, path, interval: INTERVAL, timeout: TIMEOUT, prune: true, wait: true },
        serviceAccountName: name,
      },
    },
  ];
}

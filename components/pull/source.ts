import * as pulumi from "@pulumi/pulumi";
import { formerNames } from "../clusters";
import type { ClusterTarget } from "../clusters";
import type { Manifest } from "../manifests";
import { assertValid } from "../problems";
import type { Kind } from "../manifests/rules";
import { POD_SECURITY_PROFILE } from "../push/namespace";
import { accessOf } from "./access-of";
import { AGENTS } from "./agents";
import { checkPull, resolvePull } from "./args";
import type { PullDeliveryArgs, PullSettings } from "./args";
import { ClusterPull } from "./cluster-delivery";
import { checkHostPackage, createHost, createWebhooks } from "./host";
import { checkKinds } from "./sources";
import { AgentRelease } from "./sync/release";

/** Where Flux reads what others publish, and what it may change. */
export type FluxSourceArgs = Omit<PullSettings, "teardown" | "secrets" | "sources" | "repository"> &
  Pick<
    PullDeliveryArgs,
    "app" | "namespace" | "clusterScope" | "credentials" | "host" | "webhook" | "statuses" | "pullSecrets"
  > & {
    readonly cluster: ClusterTarget;
    /** Address of the repository as Flux reaches it. */
    readonly repository: string;
    /** What is applied is its folder `clusters/<name of the cluster>`. */
    readonly branch: string;
    /** What the account that applies it has to be able to change, in the namespace. */
    readonly kinds: readonly Kind[];
  };

/**
 * Tells Flux in one cluster where to read, and as whom to apply it, for a branch that others publish to: the namespace,
 * the account and its rights, GitRepository and Kustomization. It neither publishes nor waits; `PullDelivery` does.
 *
 * @throws pulumi.ResourceError with every problem of the arguments, before anything is declared.
 * @example
 * new FluxSource("web", {
 *   cluster: { name: "eu", context: "eu" },
 *   repository: "https://github.com/acme/deploy.git",
 *   branch: "deploy/web/prod",
 *   kinds: [{ apiVersion: "apps/v1", kind: "Deployment" }, { apiVersion: "v1", kind: "Service" }],
 * });
 */
export class FluxSource extends pulumi.ComponentResource {
  constructor(name: string, args: FluxSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("delivery:pull:FluxSource", name, {}, opts);
    const { cluster, kinds, repository, branch, ...rest } = args;
    const clusters = [cluster];
    const ledger = { repository, branch };
    const manifests: readonly Manifest[] = [];
    const plan = { ...resolvePull(name, { ...rest, clusters, ledger, manifests }), only: cluster.name };
    assertValid(this, [...checkPull(plan), ...checkHostPackage(plan), ...checkKinds(kinds)]);
    const served = createHost(name, plan, this);
    const none = { podSecurity: POD_SECURITY_PROFILE, migrations: [], secrets: [], identity: undefined };
    const told = { plan: served, agent: AGENTS.flux!, target: cluster, kinds, ...none };
    const pull = new ClusterPull(`${name}/${cluster.name}`, told, { parent: this });
    createWebhooks(name, served, new Map([[cluster.name, pull.created]]), this);
    const stack = {
      agent: "flux",
      cluster: cluster.name,
      namespace: plan.content.namespace,
      name: plan.name,
    };
    const release = { ...stack, ...formerNames(cluster), access: accessOf(cluster) };
    new AgentRelease(`${name}/agent`, release, { parent: this, dependsOn: [...pull.created] });
    this.registerOutputs();
  }
}

import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../problems";
import { sayDeprecated } from "../push/deprecated";
import { renderClusters } from "../push/render";
import { checkPull, resolvePull } from "./args";
import type { PullDeliveryArgs } from "./args";
import { checkHostPackage, createHost } from "./host";
import { checkMigrations } from "./migrations";
import type { PulledRecord } from "./outcome";
import { serveSecrets } from "./secrets";
import { checkGrantedKinds } from "./sources";
import { settlePull } from "./standing";
import { createWaves } from "./waves";

/**
 * Delivers one list of objects to many clusters by what their agents read from Git, wave by wave: one commit for each
 * wave, which touches only its clusters. `pulumi up` returns when each agent has applied exactly that and all of it is
 * healthy. A wave begins when every cluster of the one before it is live.
 *
 * @throws pulumi.ResourceError with every problem of the arguments, before anything is declared.
 * @example
 * new PullDelivery("web", {
 *   clusters: [{ name: "eu", context: "eu" }],
 *   ledger: { repository: "https://github.com/acme/deploy.git" },
 *   credentials: { kind: "token", token: config.requireSecret("readToken") },
 *   manifests: app({ name: "web", image, port: 8080 }),
 * });
 */
export class PullDelivery extends pulumi.ComponentResource {
  /** What runs where, by cluster. */
  public readonly record: pulumi.Output<Readonly<Record<string, PulledRecord>>>;

  constructor(name: string, args: PullDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("delivery:pull:PullDelivery", name, {}, opts);
    const plan = resolvePull(name, args);
    assertValid(this, [...checkPull(plan), ...checkHostPackage(plan)]);
    const secretsKept = plan.settings.secrets !== "refuse";
    const { lists, problems } = renderClusters({ ...plan.content, secretsKept });
    const migrations = checkMigrations(lists, plan.settings.sources);
    assertValid(this, [...problems, ...migrations, ...checkGrantedKinds(lists, plan)]);
    sayDeprecated(lists.values(), plan.content.kubernetesVersion, this);
    const standing = settlePull(plan, lists, this);
    const served = createHost(name, plan, this);
    const secrets = serveSecrets(name, plan, { lists, settled: standing.settled }, this);
    this.record = createWaves(name, served, { ...secrets, ...standing }, this);
    this.registerOutputs({ record: this.record });
  }
}

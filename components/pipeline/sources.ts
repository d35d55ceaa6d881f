import type * as pulumi from "@pulumi/pulumi";
import { formerAliases } from "../clusters";
import { ledgerBranch } from "../ledger";
import { assertValid } from "../problems";
import { FluxSource } from "../pull";
import type { FluxAgent, FluxSourceArgs } from "../pull";
import type { PipelineDefinition } from "./define";
import { grantedKinds, resolveReading, timesOf } from "./flux";
import { readPullSecrets } from "./pull-secrets";
import { secretReader } from "./secrets";
import type { SecretReader } from "./secrets";
import { targetOf } from "./standing";
import { toldEnvironments } from "./told";
import type { ToldEnvironment } from "./told";

/** The pipeline, with the ledger that its agents read, and where their secrets are. */
export interface SourcesArgs {
  readonly pipeline: PipelineDefinition;
  readonly secret?: (name: string) => string | undefined;
}

/**
 * Tells the agents of each environment that leaves it to their stack where to read: one source in each cluster.
 *
 * @throws pulumi.ResourceError with every secret that is missing, before any of them is declared.
 */
export function createSources(
  args: SourcesArgs,
  agents: ReadonlyMap<string, FluxAgent>,
  parent: pulumi.Resource,
): void {
  const told = toldEnvironments(args.pipeline);
  if (told.length === 0) return;
  const { read, problems } = secretReader(args);
  const pullSecrets = readPullSecrets(args, parent);
  const sources = told.flatMap((environment) =>
    environment.clusters.map((cluster) => ({
      name: `${environment.name}/${cluster}`,
      args: { ...sourceArgs(args.pipeline, environment, { cluster, read }), pullSecrets },
    })),
  );
  assertValid(parent, problems);
  for (const { name, args: source } of sources) {
    const { cluster } = source;
    const options = { parent, dependsOn: [agents.get(cluster.name)!], aliases: formerAliases(name, cluster) };
    new FluxSource(name, source, options);
  }
}

function sourceArgs(
  { app, clusters, clusterScope, ledger }: PipelineDefinition,
  { name, mode, namespace, clusters: members }: ToldEnvironment,
  { cluster, read }: { readonly cluster: string; readonly read: SecretReader["read"] },
): FluxSourceArgs {
  const reading = resolveReading(mode, read);
  const isFirst = members[0] === cluster;
  return {
    ...{ app, namespace, clusterScope, cluster: targetOf(clusters, cluster) },
    ...{ repository: mode.repository ?? ledger!.repository, branch: ledgerBranch(app, name) },
    ...{ ...reading, kinds: grantedKinds(mode), ...timesOf(mode) },
    ...webhookOf(reading, cluster),
    ...hostOf(reading, isFirst),
  };
}

/** The address of this cluster's receiver alone. */
function webhookOf(
  { webhook }: Pick<FluxSourceArgs, "webhook">,
  cluster: string,
): Pick<FluxSourceArgs, "webhook"> {
  if (webhook === undefined || typeof webhook.url === "string") return {};
  const { [cluster]: url = "" } = webhook.url;
  return { webhook: { ...webhook, url: { [cluster]: url } } };
}

/** A branch has one ruleset, whatever the number of clusters that read it. */
function hostOf({ host }: Pick<FluxSourceArgs, "host">, isFirst: boolean): Pick<FluxSourceArgs, "host"> {
  return host === undefined ? {} : { host: { ...host, protect: isFirst && host.protect === true } };
}

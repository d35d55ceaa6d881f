import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess, ClusterApi, LiveObject } from "../clusters/api";
import { MANAGED_BY, shown } from "../manifests";
import { fieldsAt, listOf } from "../manifests/fields";
import { providerText } from "../provider/text";
import type { PullAgent } from "./contract";
import { checkOutdated, readOutdated } from "./stored-versions";
import type { Definitions } from "./stored-versions";

/** What an agent in a cluster has to be. */
export interface AgentCheckInputs {
  /** Name of the agent: `flux`. */
  readonly agent: string;
  readonly cluster: string;
  readonly access: ClusterAccess;
  /** Whether this stack installs it; else it has to be there. */
  readonly installs: boolean;
  /** Of the distribution, without its `v`; empty for any. */
  readonly version: string;
  /** What this stack defines in the cluster; nothing when it does not install it. */
  readonly definitions?: Definitions;
}

/**
 * Looks at the agent in a cluster in every preview, and fails it before anything is changed. Before an upgrade whose
 * definitions lack versions that objects are kept in, it has those written in one that stays.
 */
export class AgentCheck extends pulumi.CustomResource {
  constructor(
    name: string,
    args: Omit<AgentCheckInputs, "access"> & { readonly access: pulumi.Input<ClusterAccess> },
    opts: pulumi.CustomResourceOptions,
  ) {
    const props = { ...args, __provider: providerText("agentCheck") };
    super("pulumi-nodejs:dynamic/delivery:AgentCheck", name, props, {
      ...opts,
      additionalSecretOutputs: ["access"],
    });
  }
}

const VERSION = "app.kubernetes.io/version";
const OWNER = "app.kubernetes.io/managed-by";
/** What keeps one stack from reading another's source. */
const ISOLATION = "--no-cross-namespace-refs=true";

/**
 * Problems of the agent that is in a cluster.
 *
 * @throws UnreachableError when the cluster does not answer
 */
export async function checkAgent(
  { installs, version, cluster, definitions = {} }: AgentCheckInputs,
  api: ClusterApi,
  agent: PullAgent,
): Promise<string[]> {
  const found = await Promise.all(
    agent.required.map(async (name) => {
      const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace: agent.namespace, name };
      return [name, await api.get(ref)] as const;
    }),
  );
  const problems = installs
    ? found.flatMap(checkForeign)
    : found.flatMap((one) => checkThere(one, agent, version));
  problems.push(...checkOutdated(await readOutdated(definitions, api), version));
  return problems.map((problem) => `cluster ${shown(cluster)}: ${problem}`);
}

type Found = readonly [string, LiveObject | undefined];

/** Another installer would change it back. */
function checkForeign([name, live]: Found): string[] {
  const owner = live?.metadata.labels?.[OWNER];
  if (live === undefined || owner === MANAGED_BY) return [];
  const by = owner === undefined ? "by something else" : `by ${shown(owner)}`;
  return [`${name} was installed ${by}; use it with install: false, or remove it first`];
}

function checkThere([name, live]: Found, agent: PullAgent, version: string): string[] {
  if (live === undefined) {
    return [
      `${name} is not in namespace ${shown(agent.namespace)}; install the agent, or leave install: false out`,
    ];
  }
  const has = live.metadata.labels?.[VERSION]?.replace(/^v/, "");
  const problems: string[] = [];
  if (version !== "" && has !== version) {
    problems.push(
      `${name} is of version ${has ?? "unknown"}, not ${version}; upgrade it, or name its version`,
    );
  }
  if (name === agent.controller && !flagsOf(live).includes(ISOLATION)) {
    problems.push(`${name} runs without ${ISOLATION}, so a stack could read another's source; set the flag`);
  }
  return problems;
}

function flagsOf(deployment: LiveObject): unknown[] {
  const containers = listOf(fieldsAt(deployment, "spec", "template", "spec").containers);
  return containers.flatMap(({ args }) => (Array.isArray(args) ? (args as unknown[]) : []));
}

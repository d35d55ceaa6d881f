import { openCluster, UnreachableError } from "../clusters/api";
import { checkAgent } from "../pull/agent-check";
import type { AgentCheckInputs } from "../pull/agent-check";
import { canonicalJson } from "../manifests/canonical";
import { AGENTS } from "../pull/agents";
import { readOutdated, rewriteStored } from "../pull/stored-versions";

interface CheckResult {
  readonly inputs: AgentCheckInputs;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

/** Looks at the agent in a cluster; see `AgentCheck`. */
export const agentCheck = {
  /** In preview and in update: what is wrong is known before anything is changed. */
  async check(_olds: unknown, news: AgentCheckInputs): Promise<CheckResult> {
    return { inputs: news, failures: (await problemsOf(news)).map((reason) => ({ property: "", reason })) };
  },

  async diff(_id: string, olds: AgentCheckInputs, news: AgentCheckInputs): Promise<{ changes: boolean }> {
    const isUpgraded = canonicalJson(olds.definitions ?? {}) !== canonicalJson(news.definitions ?? {});
    return { changes: isUpgraded || olds.version !== news.version || olds.installs !== news.installs };
  },

  async create(inputs: AgentCheckInputs): Promise<{ id: string; outs: AgentCheckInputs }> {
    await makeReady(inputs);
    return { id: `${inputs.agent}-${inputs.cluster}`, outs: inputs };
  },

  async update(_id: string, _olds: unknown, news: AgentCheckInputs): Promise<{ outs: AgentCheckInputs }> {
    await makeReady(news);
    return { outs: news };
  },

  async delete(): Promise<void> {},
};

/** What is kept in a version that the new definitions lack is written in one that they have. */
async function makeReady({ cluster, access, definitions = {} }: AgentCheckInputs): Promise<void> {
  if (Object.keys(definitions).length === 0) return;
  const api = openCluster(cluster, access);
  await rewriteStored(await readOutdated(definitions, api), api);
}

/** A cluster that cannot be reached fails later, where it is to be changed. */
async function problemsOf(inputs: AgentCheckInputs): Promise<string[]> {
  const isKnown = typeof inputs.access === "object" && inputs.access !== null;
  if (!isKnown) return [];
  try {
    return await checkAgent(inputs, openCluster(inputs.cluster, inputs.access), AGENTS[inputs.agent]!);
  } catch (error) {
    if (error instanceof UnreachableError) return [];
    throw error;
  }
}

import { openCluster, UnreachableError } from "../clusters/api";
import { checkAgent } from "../pull/agent-check";
import type { AgentCheckInputs } from "../pull/agent-check";
import { AGENTS } from "../pull/agents";

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
    return { changes: olds.version !== news.version || olds.installs !== news.installs };
  },

  async create(inputs: AgentCheckInputs): Promise<{ id: string; outs: AgentCheckInputs }> {
    return { id: `${inputs.agent}-${inputs.cluster}`, outs: inputs };
  },

  async update(_id: string, _olds: unknown, news: AgentCheckInputs): Promise<{ outs: AgentCheckInputs }> {
    return { outs: news };
  },

  async delete(): Promise<void> {},
};

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

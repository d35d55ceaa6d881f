import { openCluster, UnreachableError } from "../clusters/api";
import { canonicalJson } from "../manifests/canonical";
import { AGENTS } from "../pull/agents";
import { finishSync } from "../pull/sync/finish";
import { movedFields, PLACE } from "../pull/sync/place";
import type { AgentReleaseInputs } from "../pull/sync/release";

/** Takes a stack from its agent when it is deleted; see `AgentRelease`. */
export const agentRelease = {
  async check(_olds: unknown, news: AgentReleaseInputs): Promise<{ inputs: AgentReleaseInputs }> {
    return { inputs: news };
  },

  async diff(
    _id: string,
    olds: AgentReleaseInputs,
    news: AgentReleaseInputs,
  ): Promise<{ changes: boolean; replaces: readonly string[] }> {
    const isChanged =
      olds.cluster !== news.cluster || canonicalJson(olds.access) !== canonicalJson(news.access);
    return { changes: isChanged, replaces: movedFields(olds, news) };
  },

  async create(inputs: AgentReleaseInputs): Promise<{ id: string; outs: AgentReleaseInputs }> {
    return { id: PLACE.map((field) => inputs[field]).join("/"), outs: inputs };
  },

  async update(_id: string, _olds: unknown, news: AgentReleaseInputs): Promise<{ outs: AgentReleaseInputs }> {
    return { outs: news };
  },

  async delete(_id: string, { agent, cluster, access, ...stack }: AgentReleaseInputs): Promise<void> {
    try {
      await finishSync({ ...stack, teardown: "orphan" }, openCluster(cluster, access), AGENTS[agent]!);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      const text = `${error.message}, so its agent goes on with what the branch says`;
      process.stderr.write(`warning: cluster ${JSON.stringify(cluster)}: ${text}\n`);
    }
  },
};

import { createHash } from "node:crypto";
import { openCluster, UnreachableError } from "../clusters/api";
import type { LedgerRuntime } from "../ledger/publish/args";
import { Mistake } from "../mistake";
import { AGENTS } from "../pull/agents";
import { awaitSync, readSync } from "../pull/sync/await";
import type { SyncRuntime } from "../pull/sync/await";
import { finishSync } from "../pull/sync/finish";
import { formerKinds, grantFormer, revokeFormer } from "../pull/sync/former";
import { fingerprint } from "../pull/sync/inputs";
import type { SyncGateInputs, SyncGateOutputs, SyncResult } from "../pull/sync/inputs";
import type { SyncOutcome } from "../pull/sync/judge";

interface ConfigureRequest {
  readonly config: { readonly get: (key: string) => string | undefined };
}

interface DiffResult {
  readonly changes: boolean;
  readonly replaces: readonly string[];
}

const ID_LENGTH = 16;
const PLACE = ["agent", "cluster", "namespace", "name"] as const;
let runtime: LedgerRuntime = {};

/** Done when the agent of a cluster has applied what was published; see `SyncGate`. */
export const syncGate = {
  async configure({ config }: ConfigureRequest): Promise<void> {
    runtime = { config: (name) => config.get(name) };
  },

  async check(_olds: unknown, news: SyncGateInputs): Promise<{ inputs: SyncGateInputs }> {
    return { inputs: news };
  },

  async diff(_id: string, olds: SyncGateOutputs, news: SyncGateInputs): Promise<DiffResult> {
    const replaces = PLACE.filter((field) => olds[field] !== news[field]);
    if (news.held === true && replaces.length === 0) return { changes: false, replaces };
    // What is not live yet is looked at again each time.
    const isOpen = olds.result !== "live" || olds.drift !== undefined;
    return { changes: isOpen || olds.fingerprint !== fingerprint(news), replaces };
  },

  async create(inputs: SyncGateInputs): Promise<{ id: string; outs: SyncGateOutputs }> {
    const place = JSON.stringify(PLACE.map((field) => inputs[field]));
    const id = createHash("sha256").update(place).digest("hex").slice(0, ID_LENGTH);
    return { id, outs: await outputsOf(inputs) };
  },

  async update(_id: string, olds: SyncGateOutputs, news: SyncGateInputs): Promise<{ outs: SyncGateOutputs }> {
    const former = news.owned === false ? [] : formerKinds(olds.kinds ?? [], news.kinds);
    if (former.length === 0) return { outs: await outputsOf(news) };
    const { api } = open(news);
    await grantFormer(news, former, api);
    const outs = await outputsOf(news);
    if (outs.result !== "live") return { outs: { ...outs, kinds: [...news.kinds, ...former] } };
    await revokeFormer(news, former, api);
    return { outs };
  },

  async read(id: string, props: SyncGateOutputs): Promise<{ id: string; props: SyncGateOutputs }> {
    return { id, props: await refreshed(props) };
  },

  async delete(_id: string, props: SyncGateOutputs): Promise<void> {
    if (props.owned === false) return;
    const { agent, api } = open(props);
    try {
      const left = await finishSync(props, api, agent);
      if (left !== undefined) warn(props, left);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      warn(props, `${error.message}, so its agent goes on with what the branch says`);
    }
  },
};

function open({ agent, cluster, access }: SyncGateInputs): Pick<SyncRuntime, "api" | "agent"> {
  return { agent: AGENTS[agent]!, api: openCluster(cluster, access) };
}

async function outputsOf(inputs: SyncGateInputs): Promise<SyncGateOutputs> {
  const outcome =
    inputs.published === "proposed"
      ? { result: "proposed" as const, message: "it waits for its pull request to be merged", applied: "" }
      : await awaitSync(inputs, { ...runtime, ...open(inputs) });
  const result = accepted(inputs, outcome);
  if (result !== "live") warn(inputs, `${result}: ${outcome.message}`);
  return { ...inputs, ...outcome, result, fingerprint: fingerprint(inputs) };
}

/** @throws Mistake when it is not live, and cannot be without somebody doing something, or something waits for it. */
function accepted(inputs: SyncGateInputs, { result, message }: SyncOutcome): SyncResult {
  const { release, cluster, required } = inputs;
  const isFine = result === "live" || result === "superseded";
  if (isFine || (!required && result !== "failed" && result !== "timeout")) return result as SyncResult;
  const heading = `${release} is not live in cluster ${JSON.stringify(cluster)}`;
  throw new Mistake(heading, [`${result}: ${message}`, NEXT[result as keyof typeof NEXT]]);
}

/** What to do about it. */
const NEXT = {
  failed:
    "it is published, and the agent tries it again; deliver a release that works, nothing has to be undone",
  timeout: "it is published, and the agent goes on with it; run pulumi up again to wait for it",
  publishedNotVerified:
    "what comes after it was not begun; see that the agent can be asked, and run pulumi up again",
  proposed: "what comes after it was not begun; merge the pull request, and run pulumi up again",
} as const;

async function refreshed(props: SyncGateOutputs): Promise<SyncGateOutputs> {
  const kept: SyncGateOutputs = { ...props };
  delete (kept as { drift?: string }).drift;
  try {
    const { state, message, commit = "" } = await readSync(props, open(props));
    if (state === "healthy" || state === "working") return { ...kept, applied: commit };
    return { ...kept, applied: commit, drift: `${state}: ${message}` };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return kept;
  }
}

/** The engine shows what a provider prints on standard error. */
function warn({ cluster }: SyncGateInputs, text: string): void {
  process.stderr.write(`warning: cluster ${JSON.stringify(cluster)}: ${text}\n`);
}

import { createHash } from "node:crypto";
import { openCluster, UnreachableError } from "../clusters/api";
import type { LedgerRuntime } from "../ledger/publish/args";
import { AGENTS } from "../pull/agents";
import { accepted } from "../pull/sync/accept";
import { awaitSync, readSync } from "../pull/sync/await";
import type { SyncRuntime } from "../pull/sync/await";
import { finishSync } from "../pull/sync/finish";
import { formerKinds, grantFormer, revokeFormer } from "../pull/sync/former";
import { fingerprint } from "../pull/sync/inputs";
import type { SyncGateInputs, SyncGateOutputs } from "../pull/sync/inputs";
import { movedFields, PLACE } from "../pull/sync/place";

interface ConfigureRequest {
  readonly config: { readonly get: (key: string) => string | undefined };
}

interface DiffResult {
  readonly changes: boolean;
  readonly replaces: readonly string[];
}

const ID_LENGTH = 16;
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
    if (news.retired !== undefined) return { changes: olds.retired !== news.retired, replaces: [] };
    const replaces = movedFields(olds, news);
    if (news.held === true && replaces.length === 0) return { changes: false, replaces };
    // What is not live yet is looked at again each time.
    const isOpen = olds.result !== "live" || olds.drift !== undefined;
    return { changes: isOpen || olds.fingerprint !== fingerprint(news), replaces };
  },

  async create(inputs: SyncGateInputs): Promise<{ id: string; outs: SyncGateOutputs }> {
    const place = JSON.stringify(PLACE.map((field) => inputs[field]));
    const id = createHash("sha256").update(place).digest("hex").slice(0, ID_LENGTH);
    return { id, outs: await (inputs.retired === undefined ? outputsOf(inputs) : letGo(inputs)) };
  },

  async update(_id: string, olds: SyncGateOutputs, news: SyncGateInputs): Promise<{ outs: SyncGateOutputs }> {
    if (news.retired !== undefined) return { outs: await letGo(news) };
    const former = news.owned === false ? [] : formerKinds(olds.kinds ?? [], news.kinds);
    if (former.length === 0) return { outs: await outputsOf(news) };
    const { api } = open(news);
    await reached(grantFormer(news, former, api));
    const outs = await outputsOf(news);
    if (outs.result !== "live") return { outs: { ...outs, kinds: [...news.kinds, ...former] } };
    await revokeFormer(news, former, api);
    return { outs };
  },

  async read(id: string, props: SyncGateOutputs): Promise<{ id: string; props: SyncGateOutputs }> {
    return { id, props: props.retired === undefined ? await refreshed(props) : props };
  },

  async delete(_id: string, props: SyncGateOutputs): Promise<void> {
    // An agent that has let it go already is not asked again.
    if (props.owned !== false && props.retired === undefined) await finish(props);
  },
};

/** What a cluster that does not answer means for the update is said by the wait that follows. */
async function reached(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof UnreachableError)) throw error;
  });
}

/** @throws UnreachableError when the cluster does not answer */
async function takeFromAgent(props: SyncGateInputs): Promise<void> {
  const { agent, api } = open(props);
  const left = await finishSync(props, api, agent);
  if (left !== undefined) warn(props, left);
}

async function finish(props: SyncGateInputs): Promise<void> {
  try {
    await takeFromAgent(props);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    warn(props, `${error.message}, so its agent goes on with what the branch says`);
  }
}

/** Takes a cluster that is given up from its agent. What is to be deleted there has to be, or it is not given up. */
async function letGo(inputs: SyncGateInputs): Promise<SyncGateOutputs> {
  const teardown = inputs.retired!;
  await (teardown === "delete" ? takeFromAgent : finish)({ ...inputs, teardown });
  const message = teardown === "delete" ? "what ran there was deleted" : "what runs there is nobody's";
  return { ...inputs, result: "retired", message, applied: "", fingerprint: fingerprint(inputs) };
}

function open({ agent, cluster, access }: SyncGateInputs): Pick<SyncRuntime, "api" | "agent"> {
  return { agent: AGENTS[agent]!, api: openCluster(cluster, access) };
}

async function outputsOf(inputs: SyncGateInputs): Promise<SyncGateOutputs> {
  const outcome =
    inputs.published === "proposed"
      ? { result: "proposed" as const, message: "it waits for its pull request to be merged", applied: "" }
      : await awaitSync(inputs, { ...runtime, ...open(inputs) });
  const result = accepted(inputs, outcome);
  const { message, applied } = outcome;
  if (result !== "live") warn(inputs, `${result}: ${message}`);
  return { ...inputs, message, applied, result, fingerprint: fingerprint(inputs) };
}

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

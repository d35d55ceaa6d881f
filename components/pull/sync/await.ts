import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, UnreachableError } from "../../clusters/api";
import type { ClusterApi } from "../../clusters/api";
import { LedgerError } from "../../ledger/failure";
import type { LedgerRuntime } from "../../ledger/publish/args";
import type { AgentObjects, AgentStatus, PullAgent } from "../contract";
import type { LiveObject, ObjectRef } from "../../clusters/api";
import type { SyncGateInputs } from "./inputs";
import { judge } from "./judge";
import type { Standing, SyncOutcome } from "./judge";
import { standings } from "./standing";

/** How often the agent is asked how far it is, in milliseconds. */
export const POLL_MS = 500;
/** How long a cluster may not answer before it counts as out of reach, in milliseconds. */
export const UNREACHABLE_MS = 10_000;
/** How long the agent may be unable to read the repository before that counts as a failure, in milliseconds. */
export const UNREADABLE_MS = 15_000;

/** What waiting is done with. */
export interface SyncRuntime extends LedgerRuntime {
  readonly api: ClusterApi;
  readonly agent: PullAgent;
  /** @default {@link UNREACHABLE_MS} */
  readonly unreachableMs?: number;
}

/**
 * Asks the agent to look again, and waits until it has applied exactly what was published and all of it is healthy,
 * or until it is clear that this will not be.
 *
 * @throws ApiError when the cluster refuses to be asked
 */
export async function awaitSync(inputs: SyncGateInputs, runtime: SyncRuntime): Promise<SyncOutcome> {
  const wait = new SyncWait(inputs, runtime);
  const deadline = performance.now() + inputs.timeoutSeconds * 1000;
  for (;;) {
    const outcome = await wait.look();
    if (outcome !== undefined) return outcome;
    if (performance.now() > deadline) return wait.timeout();
    await sleep(POLL_MS);
  }
}

/** Where the agent is now, without asking it to do anything. */
export async function readSync(
  inputs: Pick<SyncGateInputs, "name" | "namespace">,
  { api, agent }: Pick<SyncRuntime, "api" | "agent">,
): Promise<AgentStatus> {
  return agent.readStatus(await readObjects(api, agent.objects(inputs)));
}

async function readObjects(
  api: ClusterApi,
  refs: AgentObjects<ObjectRef>,
): Promise<AgentObjects<LiveObject | undefined>> {
  const [source, sync] = await Promise.all([api.get(refs.source), api.get(refs.sync)]);
  return { source, sync };
}

/** One wait: what it has asked for, and since when something is wrong. */
class SyncWait {
  readonly #inputs: SyncGateInputs;
  readonly #runtime: SyncRuntime;
  readonly #standing: (commit: string | undefined) => Promise<Standing>;
  readonly #request: string;
  #asked = false;
  #since: { unreachable?: number; unreadable?: number } = {};
  #last = "nothing was heard of the agent";

  constructor(inputs: SyncGateInputs, runtime: SyncRuntime) {
    this.#inputs = inputs;
    this.#runtime = runtime;
    this.#standing = standings(inputs, runtime);
    this.#request = `${(runtime.now ?? (() => new Date()))().toISOString()} ${inputs.commit.slice(0, 12)}`;
  }

  timeout(): SyncOutcome {
    const message = `after ${this.#inputs.timeoutSeconds} s the agent's last word is: ${this.#last}`;
    return { result: "timeout", message, applied: "" };
  }

  async look(): Promise<SyncOutcome | undefined> {
    try {
      const status = await this.#status();
      this.#since = {
        ...(this.#since.unreadable === undefined ? {} : { unreadable: this.#since.unreadable }),
      };
      this.#last = status.message;
      return (await this.#judged(status)) ?? this.#unreadable(status);
    } catch (error) {
      return this.#transient(error);
    }
  }

  async #status(): Promise<AgentStatus> {
    const { api, agent } = this.#runtime;
    const refs = agent.objects(this.#inputs);
    const live = await readObjects(api, refs);
    if (!this.#asked && live.sync !== undefined) {
      const patch = { metadata: { annotations: { [agent.requestAnnotation]: this.#request } } };
      await api.merge(refs.source, patch);
      await api.merge(refs.sync, patch);
      this.#asked = true;
    }
    return agent.readStatus(live);
  }

  async #judged(status: AgentStatus): Promise<SyncOutcome | undefined> {
    const { folder } = this.#inputs;
    const { folder: read = folder } = status;
    if (read !== folder) return { result: "failed", message: elsewhereText(read, folder), applied: "" };
    const standing = await this.#standing(status.commit);
    return judge(status, standing, this.#request);
  }

  /** A server that is restarted is no failure yet. */
  #unreadable({ source, message }: AgentStatus): SyncOutcome | undefined {
    if (source === "readable") {
      delete this.#since.unreadable;
      return undefined;
    }
    this.#since.unreadable ??= performance.now();
    if (performance.now() - this.#since.unreadable < UNREADABLE_MS) return undefined;
    return { result: "failed", message: `the agent cannot read the repository: ${message}`, applied: "" };
  }

  /** @throws what waiting does not help against */
  #transient(error: unknown): SyncOutcome | undefined {
    if (error instanceof ApiError && error.status !== 429 && error.status < 500) throw error;
    if (error instanceof LedgerError || error instanceof ApiError) {
      this.#last = error.message;
      return undefined;
    }
    if (!(error instanceof UnreachableError)) throw error;
    this.#since.unreachable ??= performance.now();
    this.#last = error.message;
    const { unreachableMs = UNREACHABLE_MS } = this.#runtime;
    if (performance.now() - this.#since.unreachable < unreachableMs) return undefined;
    return { result: "publishedNotVerified", message: error.message, applied: "", isUnreachable: true };
  }
}

/** Another stack tells it, and has not been updated since the cluster was renamed, or never was right. */
function elsewhereText(read: string, folder: string): string {
  return (
    `the agent reads the folder ${JSON.stringify(read)}, and this is published to ${JSON.stringify(folder)}; ` +
    "update what tells it where to read"
  );
}

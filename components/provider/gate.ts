import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { WatchTools } from "../checks/watch";
import { gateTitle } from "./gate-text";
import { hasPassed, passGate } from "./pass-gate";
import type { GateInputs, GateOutputs } from "./pass-gate";

/** What the engine asks a dynamic resource. Source: Pulumi, "Dynamic Providers". */
interface DiffResult {
  readonly changes: boolean;
}

const ID_LENGTH = 16;

/**
 * The gate behind some clusters of a wave, which the next ones wait for. It is created or updated when all of them were
 * applied, and is done when their checks have passed; it is updated in place, so that an update keeps that order. When
 * it fails the state keeps what it was, so the next update begins with it again.
 */
export const gate = {
  async check(_olds: unknown, news: GateInputs): Promise<{ inputs: GateInputs }> {
    return { inputs: news };
  },

  /** A cluster that was let through although it failed is looked at again each time. */
  async diff(_id: string, olds: GateOutputs, news: GateInputs): Promise<DiffResult> {
    const again = Object.keys(olds.failed ?? {}).some((cluster) => news.clusters[cluster] !== undefined);
    return { changes: again || !hasPassed(olds, news) };
  },

  async create(inputs: GateInputs): Promise<{ id: string; outs: GateOutputs }> {
    const id = createHash("sha256").update(`${inputs.app}/${inputs.wave}`).digest("hex").slice(0, ID_LENGTH);
    return { id, outs: await passGate(inputs, tools(inputs)) };
  },

  async update(_id: string, _olds: GateOutputs, news: GateInputs): Promise<{ outs: GateOutputs }> {
    return { outs: await passGate(news, tools(news)) };
  },

  async delete(): Promise<void> {},
};

/** The engine shows what its plugins print as messages of the update, while it runs. */
function tools(inputs: GateInputs): WatchTools {
  return {
    now: () => performance.now(),
    sleep: async (ms) => sleep(ms),
    say: (line) => process.stdout.write(`${gateTitle(inputs)}: ${line}\n`),
  };
}

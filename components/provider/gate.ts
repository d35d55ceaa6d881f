import { createHash } from "node:crypto";

/** What a gate knows of the wave before it. */
export interface GateInputs {
  readonly app: string;
  readonly wave: string;
  readonly release: string;
  /** Content hash of what each cluster of the wave was told to run: a change of settings alone is gated, too. */
  readonly clusters: Readonly<Record<string, string>>;
}

/** What the engine asks a dynamic resource. Source: Pulumi, "Dynamic Providers". */
interface DiffResult {
  readonly changes: boolean;
}

const ID_LENGTH = 16;

/**
 * The gate between two waves. It is created or updated only after every cluster of its wave has succeeded, and the
 * next wave waits for it; it is updated in place, so that an update keeps that order.
 */
export const gate = {
  async check(_olds: unknown, news: GateInputs): Promise<{ inputs: GateInputs }> {
    return { inputs: news };
  },

  async diff(_id: string, olds: GateInputs, news: GateInputs): Promise<DiffResult> {
    return { changes: fingerprint(olds) !== fingerprint(news) };
  },

  async create(inputs: GateInputs): Promise<{ id: string; outs: GateInputs }> {
    const id = createHash("sha256").update(`${inputs.app}/${inputs.wave}`).digest("hex").slice(0, ID_LENGTH);
    return { id, outs: inputs };
  },

  async update(_id: string, _olds: GateInputs, news: GateInputs): Promise<{ outs: GateInputs }> {
    return { outs: news };
  },

  async delete(): Promise<void> {},
};

function fingerprint({ release, clusters }: GateInputs): string {
  const sorted = Object.entries(clusters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([release, sorted]);
}

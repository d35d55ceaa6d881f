import { createHmac, randomBytes } from "node:crypto";
import { canonicalJson } from "../manifests/canonical";
import { wrapForAge } from "../pull/secrets/age";
import { sopsFields } from "../pull/secrets/sops";
import type { SealedInputs, SealedOutputs } from "../pull/secrets/sealed";

const KEY_BYTES = 32;
const ID_LENGTH = 16;

/** A Secret encrypted with SOPS, kept as long as the Secret is the same; see `Sealed`. */
export const sealed = {
  async check(_olds: unknown, news: SealedInputs): Promise<{ inputs: SealedInputs }> {
    return { inputs: news };
  },

  async diff(_id: string, olds: SealedOutputs, news: SealedInputs): Promise<{ changes: boolean }> {
    return { changes: olds.recipient !== news.recipient || olds.hash !== hashOf(news, olds.key) };
  },

  async create(inputs: SealedInputs): Promise<{ id: string; outs: SealedOutputs }> {
    const outs = await seal(inputs, randomBytes(KEY_BYTES).toString("hex"));
    return { id: randomBytes(ID_LENGTH / 2).toString("hex"), outs };
  },

  async update(_id: string, olds: SealedOutputs, news: SealedInputs): Promise<{ outs: SealedOutputs }> {
    return { outs: await seal(news, olds.key) };
  },

  async delete(): Promise<void> {},
};

async function seal({ manifest, recipient }: SealedInputs, key: string): Promise<SealedOutputs> {
  const fields = await sopsFields(manifest, { wrap: (dataKey) => wrapForAge(recipient, dataKey) });
  return { recipient, fields, key, hash: hashOf({ manifest, recipient }, key) };
}

function hashOf({ manifest }: SealedInputs, key: string): string {
  return createHmac("sha256", key).update(canonicalJson(manifest)).digest("hex");
}

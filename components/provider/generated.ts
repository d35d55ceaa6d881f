import { createHash, randomBytes } from "node:crypto";
import type { GeneratedInputs, GeneratedOutputs } from "../pull/host/generated";
import { makeSshKeyPair } from "../pull/host/key-pair";
import { makeAgeKey } from "../pull/secrets/age";

const TOKEN_BYTES = 32;
const ID_LENGTH = 16;

/** A secret that is made once and kept; see `Generated`. */
export const generated = {
  async check(_olds: unknown, news: GeneratedInputs): Promise<{ inputs: GeneratedInputs }> {
    return { inputs: news };
  },

  /** Another comment is no reason for another key: only its name is. */
  async diff(_id: string, olds: GeneratedInputs, news: GeneratedInputs): Promise<object> {
    return { changes: false, replaces: olds.form === news.form ? [] : ["form"] };
  },

  async create(inputs: GeneratedInputs): Promise<{ id: string; outs: GeneratedOutputs }> {
    const outs = { ...inputs, ...(await make(inputs)) };
    const id = createHash("sha256")
      .update(outs.public || outs.secret)
      .digest("hex");
    return { id: id.slice(0, ID_LENGTH), outs };
  },

  async delete(): Promise<void> {},
};

async function make({
  form,
  comment,
}: GeneratedInputs): Promise<Pick<GeneratedOutputs, "secret" | "public">> {
  switch (form) {
    case "ssh-key": {
      const { privateKey, publicKey } = makeSshKeyPair(comment);
      return { secret: privateKey, public: publicKey };
    }
    case "age-key": {
      const { identity, recipient } = await makeAgeKey();
      return { secret: identity, public: recipient };
    }
    case "token":
      return { secret: randomBytes(TOKEN_BYTES).toString("hex"), public: "" };
    default:
      return form satisfies never;
  }
}

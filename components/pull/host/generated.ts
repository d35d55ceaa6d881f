import * as pulumi from "@pulumi/pulumi";
import { providerText } from "../../provider/text";

/** What is made: a key for ssh, one of age, or a text that nobody guesses. */
export interface GeneratedInputs {
  readonly form: "ssh-key" | "age-key" | "token";
  /** Where the key comes from, at the end of its public half. */
  readonly comment: string;
}

/** What the engine keeps of it. */
export interface GeneratedOutputs extends GeneratedInputs {
  readonly secret: string;
  readonly public: string;
}

/**
 * A secret that is made once, in the first `pulumi up`, and kept encrypted in the state. Another name makes another
 * one. It is a dynamic resource, whose implementation is `pulumi-delivery/provider`.
 */
export class Generated extends pulumi.CustomResource {
  /** The private key, or the token. */
  declare public readonly secret: pulumi.Output<string>;
  /** The public half of a key; empty for a token. */
  declare public readonly public: pulumi.Output<string>;

  constructor(name: string, args: GeneratedInputs, opts: pulumi.CustomResourceOptions) {
    const props = { ...args, secret: undefined, public: undefined, __provider: providerText("generated") };
    super("pulumi-nodejs:dynamic/delivery:Generated", name, props, {
      ...opts,
      additionalSecretOutputs: ["secret"],
    });
  }
}

import * as pulumi from "@pulumi/pulumi";
import { providerText } from "../../provider/text";
import type { SyncGateInputs, SyncResult } from "./inputs";

/** {@link SyncGateInputs}, of which some are known only when it is published. */
export type SyncGateArgs = {
  readonly [Field in keyof SyncGateInputs]: Field extends
    "access" | "commit" | "tree" | "published" | "reader"
    ? pulumi.Input<SyncGateInputs[Field]>
    : SyncGateInputs[Field];
};

/**
 * Done when the agent of a cluster has applied exactly what was published for it, and all of it is healthy. It fails
 * seconds after the agent reports a failure, with the agent's own words. It is a dynamic resource, whose
 * implementation is `pulumi-delivery/provider`.
 */
export class SyncGate extends pulumi.CustomResource {
  /** How the delivery ended. */
  declare public readonly result: pulumi.Output<SyncResult>;
  /** The agent's own words. */
  declare public readonly message: pulumi.Output<string>;
  /** The commit that the agent has applied, as far as it was seen. */
  declare public readonly applied: pulumi.Output<string>;

  constructor(name: string, args: SyncGateArgs, opts: pulumi.CustomResourceOptions) {
    const props = { ...args, ...OUTPUTS, __provider: providerText("syncGate") };
    super("pulumi-nodejs:dynamic/delivery:SyncGate", name, props, {
      ...opts,
      // A kubeconfig in it is a secret on the way out, too; so is what tells credentials apart.
      additionalSecretOutputs: ["access", "reader"],
    });
  }
}

/** A property without a value becomes an output. */
const OUTPUTS = { result: undefined, message: undefined, applied: undefined };

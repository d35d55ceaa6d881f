import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "../../clusters/api";
import { providerText } from "../../provider/text";

/** A stack that is told to an agent, and nothing more. */
export interface AgentReleaseInputs {
  /** Name of the agent: `flux`. */
  readonly agent: string;
  readonly cluster: string;
  readonly access: ClusterAccess;
  /** Of the agent's objects for the stack. */
  readonly namespace: string;
  readonly name: string;
  /** Names that the cluster had before. @default none */
  readonly formerly?: readonly string[];
}

/**
 * Does nothing until it is deleted: then it takes the stack from its agent, so that one that is dead keeps no destroy
 * waiting. Let it depend on the agent's objects. It is a dynamic resource, whose implementation is
 * `pulumi-delivery/provider`.
 */
export class AgentRelease extends pulumi.CustomResource {
  constructor(
    name: string,
    args: Omit<AgentReleaseInputs, "access"> & { readonly access: pulumi.Input<ClusterAccess> },
    opts: pulumi.CustomResourceOptions,
  ) {
    const props = { ...args, __provider: providerText("agentRelease") };
    super("pulumi-nodejs:dynamic/delivery:AgentRelease", name, props, {
      ...opts,
      additionalSecretOutputs: ["access"],
    });
  }
}

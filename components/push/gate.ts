import * as pulumi from "@pulumi/pulumi";
import { providerText } from "../provider/text";

/** What a gate is keyed by. A change of any of it lets the wave's successors wait again. */
export interface GateArgs {
  readonly app: string;
  readonly wave: string;
  readonly release: pulumi.Input<string>;
  /** Content hash by cluster. */
  readonly clusters: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * The end of a wave: done once every cluster of the wave is. The next wave depends on it. It is a dynamic resource,
 * whose implementation is `pulumi-delivery/provider`.
 */
export class Gate extends pulumi.CustomResource {
  constructor(name: string, args: GateArgs, opts: pulumi.CustomResourceOptions) {
    const { app, wave, release, clusters } = args;
    const props = { app, wave, release, clusters, __provider: providerText("gate") };
    super("pulumi-nodejs:dynamic/delivery:Gate", name, props, opts);
  }
}

import * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "../../manifests";
import { providerText } from "../../provider/text";
import type { SopsFields } from "./sops";

/** A Secret, and for whom it is encrypted. */
export interface SealedInputs {
  readonly manifest: Manifest;
  readonly recipient: string;
}

/** What the engine keeps of it. */
export interface SealedOutputs {
  readonly recipient: string;
  readonly fields: SopsFields;
  /** What the hash is keyed with, so that nobody can try out what the Secret may have been. */
  readonly key: string;
  readonly hash: string;
}

/**
 * A Secret encrypted with SOPS. The text that was made of it is kept as long as the Secret is the same: an encryption
 * is another one each time, and would be another commit. It is a dynamic resource, whose implementation is
 * `pulumi-delivery/provider`.
 */
export class Sealed extends pulumi.CustomResource {
  /** The encrypted values, and what SOPS needs to know. It is meant to be read by everybody. */
  declare public readonly fields: pulumi.Output<SopsFields>;

  constructor(
    name: string,
    args: { readonly manifest: pulumi.Input<Manifest>; readonly recipient: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
  ) {
    const outputs = { fields: undefined, key: undefined, hash: undefined };
    const props = { ...args, manifest: pulumi.secret(args.manifest), ...outputs };
    super(
      "pulumi-nodejs:dynamic/delivery:Sealed",
      name,
      { ...props, __provider: providerText("sealed") },
      { ...opts, additionalSecretOutputs: ["manifest", "key"] },
    );
  }
}

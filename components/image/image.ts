import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../problems";
import type { ImageArgs } from "./args";
import { checkImage } from "./check";
import { makeImage } from "./make";
import { repositoryName } from "./reference";
import { resolveImage } from "./resolve";

/**
 * An image that is named by what went into it. When its registry has it already, nothing is built and nothing is
 * uploaded; else the builder makes and pushes it. It is never deleted from the registry.
 *
 * @throws pulumi.ResourceError with every problem of the arguments, before anything is declared. A registry that cannot
 * be asked, or refuses the credentials, fails the preview in the same way.
 * @example
 * const image = new Image("web", { repository: "registry.example.com/acme/web", context: "./app" });
 */
export class Image extends pulumi.ComponentResource {
  /** Where the image can be pulled from, pinned: `repository@sha256:…`. Unknown in the preview of a build. */
  public readonly ref: pulumi.Output<string>;
  /** The tag that is made from the sources: `src-` and {@link sourceHash}. */
  public readonly tag: pulumi.Output<string>;
  /** Digest of the image, as `sha256:…`. Unknown in the preview of a build. */
  public readonly digest: pulumi.Output<string>;
  /** SHA-256 in hexadecimal of all that goes into the image. */
  public readonly sourceHash: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("delivery:image:Image", name, {}, opts);
    const image = resolveImage(args);
    assertValid(this, checkImage(args, image));
    // Behind a promise, not inside an apply: what is declared there is whole in every preview. The engine waits for it,
    // since it waits for the outputs that are registered here at once.
    const made = makeImage(this, name, image);
    this.digest = pulumi.output(made.then(({ digest }) => digest));
    this.sourceHash = pulumi.output(made.then(({ sourceHash }) => sourceHash));
    this.tag = pulumi.output(made.then(({ tag }) => tag));
    this.ref = pulumi.interpolate`${repositoryName(image.repository)}@${this.digest}`;
    this.registerOutputs({ ref: this.ref, tag: this.tag, digest: this.digest, sourceHash: this.sourceHash });
  }
}

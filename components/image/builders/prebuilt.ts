import * as pulumi from "@pulumi/pulumi";
import { ImageProblem } from "../problem";
import { isDigest } from "../reference";
import type { Builder } from "./contract";

/** What {@link prebuilt} takes. */
export interface PrebuiltArgs {
  /** Digest of an image that is in the repository, as `sha256:…`. */
  readonly digest: string;
}

/** Takes an image that something else has built and pushed. Nothing is declared; the registry has to have it. */
export function prebuilt({ digest }: PrebuiltArgs): Builder {
  const name = "prebuilt()";
  return {
    name,
    check() {
      if (isDigest(digest)) return [];
      const rule = "sha256: and 64 of 0-9 and a-f, as the build has printed it";
      return [`builder ${name}: digest ${JSON.stringify(digest)} is malformed; give ${rule}`];
    },
    wanted: () => digest,
    create(_image, { repository, present }) {
      if (present !== undefined) return pulumi.output(present);
      throw new ImageProblem(
        `${repository} does not have ${digest}; push the image first, or let it be built by another builder.`,
      );
    },
  };
}

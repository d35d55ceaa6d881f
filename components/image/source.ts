import { findBaseImages } from "./base-images";
import { contextHash } from "./context";
import type { RegistryClient } from "./registry";
import type { ResolvedImage } from "./resolve";

/** Begins the tag of an image that is named by its sources. */
export const TAG_PREFIX = "src-";

/** What an image is made of, in one value. */
export interface ImageSource {
  /** 64 lower-case hexadecimal characters. */
  readonly sourceHash: string;
  /** {@link TAG_PREFIX} and the whole hash: 68 characters of the 128 that a tag may have. */
  readonly tag: string;
  /** What may change the image without changing the hash, in sentences. */
  readonly warnings: readonly string[];
}

/** Hashes all that goes into an image; `client` is asked for its base images. */
export async function findSource(image: ResolvedImage, client: RegistryClient): Promise<ImageSource> {
  const { context, args, labels, target, platforms } = image;
  const { images: bases, warnings } = await findBaseImages(context.dockerfile, args, client);
  const secrets = Object.keys(image.secrets);
  const sourceHash = await contextHash(context, { args, labels, target, platforms, secrets, bases });
  return { sourceHash, tag: `${TAG_PREFIX}${sourceHash}`, warnings };
}

import { readFileSync } from "node:fs";
import type { BaseImage } from "./context";
import { baseReferences } from "./dockerfile";
import { ImageProblem } from "./problem";
import type { ImageReference } from "./reference";
import { referenceName } from "./reference";
import type { RegistryClient } from "./registry";

const DEFAULT_TAG = "latest";

/** The base images of a Dockerfile, and a sentence about each that is not known for certain. */
export interface BaseImages {
  readonly images: readonly BaseImage[];
  readonly warnings: readonly string[];
}

/**
 * Finds out what the tags of base images name now, so that a new base makes a new image.
 * One that cannot be looked up, as without a network, is a warning and enters the hash by its name alone.
 */
export async function findBaseImages(
  dockerfile: string,
  args: Readonly<Record<string, string>>,
  client: RegistryClient,
): Promise<BaseImages> {
  const { images, unknown } = baseReferences(readFileSync(dockerfile, "utf8"), args);
  const looked = await Promise.all(images.map((image) => lookUp(image, client)));
  const unnamed = unknown.map((text) =>
    unpinned(JSON.stringify(text), "only the builder can tell which one it is"),
  );
  return {
    images: looked.map(({ image }) => image),
    warnings: [...looked.flatMap(({ warnings }) => warnings), ...unnamed],
  };
}

interface LookedUp {
  readonly image: BaseImage;
  readonly warnings: readonly string[];
}

async function lookUp(reference: ImageReference, client: RegistryClient): Promise<LookedUp> {
  const name = referenceName(reference);
  if (reference.digest !== undefined)
    return { image: { reference: name, digest: reference.digest }, warnings: [] };
  try {
    const digest = await client.findDigest(reference, reference.tag ?? DEFAULT_TAG);
    if (digest !== undefined) return { image: { reference: name, digest }, warnings: [] };
    return { image: { reference: name }, warnings: [unpinned(name, "its registry does not have it")] };
  } catch (error) {
    if (!(error instanceof ImageProblem)) throw error;
    return { image: { reference: name }, warnings: [unpinned(name, error.message)] };
  }
}

function unpinned(name: string, why: string): string {
  const reason = why.replace(/\.$/, "");
  return `Base image ${name}: ${reason}. A newer one makes no new image; name it by digest to be certain.`;
}

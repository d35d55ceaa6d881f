import type { Environment } from "../environment";
import { imageClients } from "../image/clients";
import { dockerCredentials } from "../image/registry/credentials";
import { tryParseReference } from "../image/reference";
import { digestOf } from "../release";

/** `unknown`: its registry could not be asked. */
export type Presence = "there" | "missing" | "unknown";

/** By the name of the image. */
export type ImagePresence = Readonly<Record<string, Presence>>;

/** Asks the registries whether they still have images, each as `repository@sha256:…`. Nothing is downloaded. */
export async function findPresence(
  images: Readonly<Record<string, string>>,
  environment: Environment,
): Promise<ImagePresence> {
  const { bases: registry } = imageClients(environment, dockerCredentials(environment));
  const entries = Object.entries(images).map(async ([name, ref]) => {
    const repository = tryParseReference(ref);
    if (repository === undefined) return [name, "unknown"] as const;
    const found = await registry.findDigest(repository, digestOf(ref)).then(
      (digest): Presence => (digest === undefined ? "missing" : "there"),
      (): Presence => "unknown",
    );
    return [name, found] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

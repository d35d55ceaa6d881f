import { tryParseReference } from "../image/reference";
import { shown } from "../manifests";
import type { Release } from "../release";

/** The same repository in another registry: `registry.example.com/acme/web` in `127.0.0.1:5000` is `127.0.0.1:5000/acme/web`. */
export function withRegistry(repository: string, registry: string): string {
  const [first = "", ...rest] = repository.split("/");
  const namesHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  return [registry, ...(namesHost ? rest : [first, ...rest])].join("/");
}

/** Problems of an environment's registry. */
export function checkRegistry(field: string, registry: string | undefined): string[] {
  if (registry === undefined) return [];
  const reference = typeof registry === "string" ? tryParseReference(`${registry}/image`) : undefined;
  if (reference?.domain === registry) return [];
  return [`${field} is ${shown(registry)}; give a host, with its port if it has one: "registry.example.com"`];
}

/** The release with its images in another registry: the same one, since its id is made of the digests. */
export function relocated(registry: string | undefined, release: Release): Release {
  if (registry === undefined) return release;
  const images = Object.entries(release.images).map(([name, ref]) => [name, withRegistry(ref, registry)]);
  return { ...release, images: Object.fromEntries(images) };
}

import { TAG_PREFIX } from "../source";
import type { Parts } from "./parts";

/** A release's id, as a copy of an image is tagged. */
const RELEASE_ID = /-[0-9a-f]{12}$/;

/** Tags that this library gives; an image with another one is somebody else's, too, and stays. */
export const isOwnTag = (tag: string, app: string): boolean =>
  tag.startsWith(TAG_PREFIX) || (tag.startsWith(`${app}-`) && RELEASE_ID.test(tag));

/** An image that a repository has a tag for. */
export interface Stored {
  readonly digest: string;
  readonly tags: readonly string[];
  /** What it names, itself left out. */
  readonly parts: Pick<Parts, "manifests">;
}

/** What may go, and what stays. */
export interface PrunePlan {
  /** Images without a use, by their tags. */
  readonly images: readonly Stored[];
  /** Digests to remove, an index before the platforms that only it names. */
  readonly digests: readonly string[];
  readonly kept: readonly Stored[];
}

/**
 * Which images of one repository have no use any more. An image stays when something names its digest, when an image
 * that stays names it as a platform, or when it has a tag that this library did not give.
 *
 * @param inUse digests that clusters run, that a way back leads to, or that somebody has named.
 */
export function prunePlan(app: string, stored: readonly Stored[], inUse: ReadonlySet<string>): PrunePlan {
  const isOwn = ({ tags }: Stored): boolean => tags.every((tag) => isOwnTag(tag, app));
  const named = stored.filter(
    (image) =>
      !isOwn(image) || inUse.has(image.digest) || image.parts.manifests.some((part) => inUse.has(part)),
  );
  const needed = withParts([...inUse, ...named.map(({ digest }) => digest)], stored);
  const isNeeded = ({ digest }: Stored): boolean => needed.has(digest);
  const images = stored.filter((image) => !isNeeded(image));
  const parts = images.flatMap((image) => image.parts.manifests).filter((part) => !needed.has(part));
  const digests = [...new Set([...images.map(({ digest }) => digest), ...parts])];
  return { images, digests, kept: stored.filter(isNeeded) };
}

/** These digests with all that they name, and what that names. */
function withParts(digests: readonly string[], stored: readonly Stored[]): ReadonlySet<string> {
  const parts = new Map(stored.map((image) => [image.digest, image.parts.manifests]));
  const found = new Set<string>();
  const open = [...digests];
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    if (found.has(digest)) continue;
    found.add(digest);
    open.push(...(parts.get(digest) ?? []));
  }
  return found;
}

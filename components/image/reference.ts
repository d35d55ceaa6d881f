/** Docker Hub's name in image references; names without a registry are its. */
export const DOCKER_HUB = "docker.io";
/** Longest tag, in characters. Source: OCI distribution specification, "Pulling manifests". */
export const MAX_TAG_LENGTH = 128;
/** Longest path of a repository, in characters. Source: github.com/distribution/reference, `reference.go`. */
export const MAX_PATH_LENGTH = 255;

const LEGACY_DOCKER_HUB = "index.docker.io";
const OFFICIAL_NAMESPACE = "library";

/** Length of the hexadecimal part by algorithm. Source: github.com/opencontainers/go-digest, `algorithm.go`. */
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

const DOMAIN_LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const DOMAIN = `(?:${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const PATH = `${PATH_PART}(?:/${PATH_PART})*`;
const TAG = `\\w[\\w.-]{0,${MAX_TAG_LENGTH - 1}}`;

const REFERENCE = new RegExp(`^(?:(${DOMAIN})/)?(${PATH})(?::(${TAG}))?(?:@([^@]+))?$`);
const BARE_IDENTIFIER = /^[a-f0-9]{64}$/;

/** An image's name with its registry spelled out: `ubuntu` is `docker.io` and `library/ubuntu`. */
export interface Repository {
  /** Host of the registry, with the port when it has one; empty when what stands there can be no host. */
  readonly domain: string;
  readonly path: string;
}

/** Where an image is: its repository, and the tag or digest when there is one. */
export interface ImageReference extends Repository {
  readonly tag?: string;
  readonly digest?: string;
}

/** Whether it is a whole digest: sha256, sha384 or sha512 in lower-case hexadecimal. */
export function isDigest(text: string): boolean {
  const [algorithm = "", hex = "", ...rest] = text.split(":");
  const length = Object.hasOwn(DIGEST_LENGTHS, algorithm) ? DIGEST_LENGTHS[algorithm] : undefined;
  return rest.length === 0 && hex.length === length && /^[a-f0-9]+$/.test(hex);
}

/**
 * Reads an image reference, with Docker's defaults for names without a registry; undefined when it is none.
 * The verdict is that of `ParseNormalizedNamed` in github.com/distribution/reference.
 */
export function tryParseReference(text: string): ImageReference | undefined {
  if (BARE_IDENTIFIER.test(text)) return undefined;
  const match = REFERENCE.exec(withRegistry(text));
  const [, domain = "", path, tag, digest] = match ?? [];
  if (path === undefined || path.length > MAX_PATH_LENGTH) return undefined;
  if (digest !== undefined && !isDigest(digest)) return undefined;
  return { domain, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The reference with its registry, and the namespace of Docker Hub's official images where it was left out. */
function withRegistry(text: string): string {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain = first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
  const domain = isDomain && first !== LEGACY_DOCKER_HUB ? first : DOCKER_HUB;
  const rest = isDomain ? text.slice(slash + 1) : text;
  const isOfficial = domain === DOCKER_HUB && !rest.includes("/");
  return `${domain}/${isOfficial ? `${OFFICIAL_NAMESPACE}/` : ""}${rest}`;
}

/** A repository as one string: `docker.io/library/ubuntu`. */
export function repositoryName({ domain, path }: Repository): string {
  return domain === "" ? path : `${domain}/${path}`;
}

/** A reference as one string, with everything that it has. */
export function referenceName(reference: ImageReference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${repositoryName(reference)}${tag}${digest}`;
}

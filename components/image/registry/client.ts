import { createHash } from "node:crypto";
import type { Repository } from "../reference";
import { isDigest } from "../reference";
import { refusal } from "./auth";
import type { Answer, AuthorizedOptions, ManifestRequest } from "./authorized";
import { authorizedClient } from "./authorized";
import { ImageProblem } from "../problem";
import type { RetryPolicy } from "./retry";
import { DEFAULT_RETRIES } from "./retry";

/** Every form that an image's description has. Sources: OCI image specification; Docker, "Image Manifest V2.2". */
export const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

export interface RegistryClient {
  /**
   * The digest of what a tag or a digest names in a repository; undefined when the registry does not have it.
   *
   * @throws ImageProblem when the registry cannot be asked, or when its answer cannot be trusted.
   */
  findDigest(repository: Repository, reference: string): Promise<string | undefined>;
}

export interface RegistryClientOptions extends Omit<AuthorizedOptions, "retries"> {
  /** @default {@link DEFAULT_RETRIES} */
  readonly retries?: RetryPolicy;
}

/** A client that asks registries which images they have, and nothing else. */
export function registryClient(options: RegistryClientOptions): RegistryClient {
  const ask = authorizedClient({ ...options, retries: options.retries ?? DEFAULT_RETRIES });
  return {
    async findDigest(repository, reference) {
      const question = { repository, reference, accept: MANIFEST_TYPES };
      const head = await ask({ ...question, method: "HEAD" });
      if (head.status === 404) return undefined;
      const named = headerDigest(head);
      if (head.status === 200 && named !== undefined) return trusted(question, named, named);
      if (!answersOnlyGet(head)) throw failure(question, head);
      const whole = await ask({ ...question, method: "GET" });
      if (whole.status === 404) return undefined;
      if (whole.status !== 200) throw failure(question, whole);
      return computedDigest(question, whole);
    },
  };
}

type Question = Omit<ManifestRequest, "method">;

function headerDigest({ headers }: Answer): string | undefined {
  const digest = headers["docker-content-digest"];
  return typeof digest === "string" && isDigest(digest) ? digest : undefined;
}

/** Whether it is worth asking for the whole manifest: HEAD is refused, or its answer has no usable digest. */
function answersOnlyGet({ status }: Answer): boolean {
  return status === 200 || status === 400 || status === 405 || status === 501;
}

/** The digest of the bytes that came, which has to be what the registry says and what was asked for. */
function computedDigest(question: Question, answer: Answer): string {
  const { domain, path } = question.repository;
  if (!isManifest(answer.body)) {
    throw new ImageProblem(
      `${domain} answered for ${path}:${question.reference} with something that is no image manifest.`,
    );
  }
  const claimed = headerDigest(answer) ?? (isDigest(question.reference) ? question.reference : undefined);
  const algorithm = claimed?.split(":")[0] ?? "sha256";
  const digest = `${algorithm}:${createHash(algorithm).update(answer.body).digest("hex")}`;
  return trusted(question, digest, claimed ?? digest);
}

function trusted({ repository, reference }: Question, digest: string, claimed: string): string {
  const expected = isDigest(reference) ? reference : claimed;
  if (digest === claimed && digest === expected) return digest;
  const other = digest === claimed ? expected : claimed;
  throw new ImageProblem(
    `${repository.domain} is not to be trusted with ${repository.path}:${reference}: it sent ${digest} where ${other} is due. ` +
      "Nothing was deployed; look at the registry, or at a proxy in front of it.",
  );
}

function isManifest(body: Buffer): boolean {
  try {
    return (JSON.parse(body.toString("utf8")) as { schemaVersion?: unknown } | null)?.schemaVersion === 2;
  } catch {
    return false;
  }
}

export function failure(
  { repository }: Pick<Question, "repository">,
  { status, credential, headers }: Answer,
): ImageProblem {
  const { domain, path } = repository;
  if (status === 401 || status === 403) {
    return new ImageProblem(refusal({ repository, credential, answer: `it answered ${status}` }));
  }
  const wait = headers["retry-after"] === undefined ? "later" : `after ${headers["retry-after"]}`;
  const remedy = status === 429 || status >= 500 ? `Try again ${wait}.` : "Check the repository's name.";
  return new ImageProblem(`${domain} answered ${status} when asked for ${path}. ${remedy}`);
}

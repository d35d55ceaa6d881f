import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { ImageProblem } from "../problem";
import type { Repository } from "../reference";
import { repositoryName } from "../reference";
import { repositoryClient } from "./authorized";
import type { Answer, AuthorizedOptions, RepositoryRequest } from "./authorized";
import { failure, MANIFEST_TYPES } from "./client";

/** An image's description as a registry has it: of one platform, or of several. */
export interface StoredManifest {
  readonly digest: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * What copying and removing images asks of registries. Source: OCI distribution specification, "Endpoints".
 * Everything throws an `ImageProblem` when a registry cannot be asked, or refuses.
 */
export interface RegistryStore {
  /** Undefined when the repository does not have it. Its bytes are what the digest says. */
  readManifest(repository: Repository, reference: string): Promise<StoredManifest | undefined>;
  hasManifest(repository: Repository, reference: string): Promise<boolean>;
  /** @param reference its digest, or a tag. */
  writeManifest(repository: Repository, reference: string, manifest: StoredManifest): Promise<void>;
  /** False when it was not there. */
  deleteManifest(repository: Repository, digest: string): Promise<boolean>;
  /** Every tag of a repository; none when there is no such repository. */
  listTags(repository: Repository): Promise<readonly string[]>;
  hasBlob(repository: Repository, digest: string): Promise<boolean>;
  /** Takes over a layer from a repository of the same registry; false when it has to be uploaded. */
  mountBlob(repository: Repository, digest: string, from: Repository): Promise<boolean>;
  /** Writes a layer into a file. */
  readBlob(repository: Repository, digest: string, path: string): Promise<void>;
  writeBlob(repository: Repository, digest: string, path: string): Promise<void>;
}

type Ask = (request: RepositoryRequest) => Promise<Answer>;

/** Pages of tags that are read at most: no registry has so many, and an endless list would be followed for ever. */
const MAX_PAGES = 1_000;
const MISSING = 404;

/** A client that may write. */
export function registryStore(options: AuthorizedOptions): RegistryStore {
  const ask = repositoryClient(options);
  return {
    readManifest: (repository, reference) => readManifest(ask, repository, reference),
    hasManifest: (repository, reference) => has(ask, repository, `manifests/${reference}`),
    async writeManifest(repository, reference, { type, bytes }) {
      const headers = { "content-type": type, "content-length": String(bytes.length) };
      const path = `manifests/${reference}`;
      expectStatus(repository, await ask({ method: "PUT", repository, path, headers, body: bytes }), [201]);
    },
    async deleteManifest(repository, digest) {
      const answer = await ask({ method: "DELETE", repository, path: `manifests/${digest}` });
      if (answer.status === 405) throw undeletable(repository);
      return expectStatus(repository, answer, [200, 202, MISSING]).status !== MISSING;
    },
    listTags: (repository) => listTags(ask, repository),
    hasBlob: (repository, digest) => has(ask, repository, `blobs/${digest}`),
    async mountBlob(repository, digest, from) {
      const query = new URLSearchParams({ mount: digest, from: from.path });
      const path = `blobs/uploads/?${query.toString()}`;
      const answer = await ask({ method: "POST", repository, path, headers: { "content-length": "0" } });
      return expectStatus(repository, answer, [201, 202]).status === 201;
    },
    async readBlob(repository, digest, path) {
      const answer = await ask({ method: "GET", repository, path: `blobs/${digest}`, saveTo: path });
      expectStatus(repository, answer, [200]);
    },
    writeBlob: (repository, digest, path) => writeBlob(ask, { repository, digest, path }),
  };
}

async function readManifest(
  ask: Ask,
  repository: Repository,
  reference: string,
): Promise<StoredManifest | undefined> {
  const headers = { accept: MANIFEST_TYPES };
  const answer = await ask({ method: "GET", repository, path: `manifests/${reference}`, headers });
  if (answer.status === MISSING) return undefined;
  const { body: bytes, headers: said } = expectStatus(repository, answer, [200]);
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (reference.startsWith("sha256:") && reference !== digest) {
    throw new ImageProblem(
      `${repository.domain} is not to be trusted with ${repository.path}@${reference}: it sent ${digest}. Look at the registry, or at a proxy in front of it.`,
    );
  }
  return { digest, type: said["content-type"] ?? "", bytes };
}

async function has(ask: Ask, repository: Repository, path: string): Promise<boolean> {
  const answer = await ask({ method: "HEAD", repository, path, headers: { accept: MANIFEST_TYPES } });
  return expectStatus(repository, answer, [200, MISSING]).status === 200;
}

async function listTags(ask: Ask, repository: Repository): Promise<string[]> {
  const tags: string[] = [];
  let path: string | URL | undefined = "tags/list?n=1000";
  for (let page = 0; path !== undefined && page < MAX_PAGES; page++) {
    const answer: Answer = await ask({ method: "GET", repository, path });
    if (answer.status === MISSING) return tags;
    const { body, headers } = expectStatus(repository, answer, [200]);
    tags.push(...((JSON.parse(body.toString("utf8")) as { tags?: string[] | null }).tags ?? []));
    path = /<([^>]+)>;\s*rel="?next"?/.exec(String(headers["link"] ?? ""))?.[1];
  }
  return tags;
}

interface Upload {
  readonly repository: Repository;
  readonly digest: string;
  readonly path: string;
}

/** In two requests: the registry says where, and gets it there whole. */
async function writeBlob(ask: Ask, { repository, digest, path }: Upload): Promise<void> {
  const headers = { "content-length": "0" };
  const begun = await ask({ method: "POST", repository, path: "blobs/uploads/", headers });
  const { location } = expectStatus(repository, begun, [202]).headers;
  if (location === undefined) throw failure({ repository }, begun);
  const size = String(statSync(path).size);
  const answer = await ask({
    ...{ method: "PUT", repository, path: uploadUrl(location, digest) },
    headers: { "content-type": "application/octet-stream", "content-length": size },
    bodyFile: path,
  });
  expectStatus(repository, answer, [201]);
}

/** The address may have a query of its own, which stays as it is. */
function uploadUrl(location: string, digest: string): string {
  return `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
}

function expectStatus(repository: Repository, answer: Answer, expected: readonly number[]): Answer {
  if (expected.includes(answer.status)) return answer;
  throw failure({ repository }, answer);
}

function undeletable(repository: Repository): ImageProblem {
  return new ImageProblem(
    `${repository.domain} does not let images of ${repositoryName(repository)} be removed. Allow it in the registry's settings, or use its own rules for old images.`,
  );
}

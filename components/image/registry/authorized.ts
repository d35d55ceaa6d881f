import type { Repository } from "../reference";
import { repositoryName } from "../reference";
import { registryUrl } from "./address";
import { authorizationFor } from "./auth";
import type { Credential, CredentialSource } from "./credentials";
import type { HttpRequest, HttpResponse, Send } from "./http";
import { ImageProblem } from "../problem";
import type { RetryPolicy } from "./retry";
import { withRetries } from "./retry";

/** A question about one thing in a repository. */
export interface ManifestRequest {
  readonly method: "GET" | "HEAD";
  readonly repository: Repository;
  /** A tag or a digest. */
  readonly reference: string;
  readonly accept: string;
}

/** Anything that is asked of a repository. */
export interface RepositoryRequest extends Omit<HttpRequest, "url" | "headers"> {
  readonly repository: Repository;
  /** Below the repository, as `tags/list`, or an address that the registry has given. */
  readonly path: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer extends HttpResponse {
  /** What was shown to the registry; undefined when it asked for nothing, or nothing was found. */
  readonly credential: Credential | undefined;
}

export interface AuthorizedOptions {
  readonly send: Send;
  readonly credentials: CredentialSource;
  readonly retries: RetryPolicy;
}

/** Asks for manifests alone; see {@link repositoryClient}. */
export function authorizedClient(options: AuthorizedOptions): (request: ManifestRequest) => Promise<Answer> {
  const ask = repositoryClient(options);
  return ({ method, repository, reference, accept }) =>
    ask({ method, repository, path: `manifests/${reference}`, headers: { accept } });
}

/**
 * Asks with the rights that the registry wants. They are kept for the next question about the same repository, and got
 * anew, once, when they no longer do.
 */
export function repositoryClient(
  options: AuthorizedOptions,
): (request: RepositoryRequest) => Promise<Answer> {
  const kept = new Map<
    string,
    { readonly authorization: string; readonly credential: Credential | undefined }
  >();
  const steady = steadySend(options);
  return async (request) => {
    const { repository } = request;
    const name = repositoryName(repository);
    const send = steady(repository);
    const first = await send(httpRequest(request, kept.get(name)?.authorization));
    if (first.status !== 401) return { ...first, credential: kept.get(name)?.credential };
    const credential = await options.credentials(repository.domain);
    const challenge = first.headers["www-authenticate"];
    const authorization = await authorizationFor({ repository, challenge, credential }, send);
    if (authorization === undefined) return { ...first, credential };
    kept.set(name, { authorization, credential });
    return { ...(await send(httpRequest(request, authorization))), credential };
  };
}

/** An address on another host, as that of a storage, gets no credentials. */
function httpRequest(
  { repository, path, headers, ...others }: RepositoryRequest,
  authorization: string | undefined,
): HttpRequest {
  const base = new URL(`/v2/${repository.path}/`, registryUrl(repository.domain));
  const url = new URL(path, base);
  const isOwn = url.origin === base.origin && authorization !== undefined;
  return { ...others, url, headers: { ...headers, ...(isOwn ? { authorization } : {}) } };
}

/** Sends with retries; what still fails is a sentence about the registry. */
function steadySend({ send, retries }: AuthorizedOptions): (repository: Repository) => Send {
  return ({ domain, path }) =>
    (request) =>
      withRetries(async () => send(request), retries).catch((error: unknown) => {
        if (error instanceof ImageProblem) throw error;
        const where = request.url.host === domain ? domain : `${domain} (${request.url.host})`;
        throw new ImageProblem(
          `${where} cannot be asked for ${path}: ${reason(error)}. Check the name and the network, and try again.`,
        );
      });
}

function reason(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  if (name === "TimeoutError" || name === "AbortError") return "it did not answer in time";
  return message === undefined || message === "" ? String(code) : message;
}

import { parseAddress } from "../location";
import { LedgerError } from "../failure";
import type { LedgerFailure } from "../failure";
import { readLimits } from "../git/http-answer";

/** Longest wait for one answer, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** Source: GitHub, "API Versions". */
const API_VERSION = "2022-11-28";

/** A repository in the eyes of GitHub's API. */
export interface GitHubRepository {
  /** Address of the API, without a slash at its end. */
  readonly api: string;
  readonly owner: string;
  readonly name: string;
}

/** The API of a repository's own host. Source: GitHub, "Getting started with the REST API". */
export function gitHubRepository(address: string, api?: string): GitHubRepository {
  const { scheme, host, port, path } = parseAddress(address);
  const origin = `${scheme === "http" ? "http" : "https"}://${host}${port === "" || scheme === "ssh" ? "" : `:${port}`}`;
  const own = host === "github.com" ? "https://api.github.com" : `${origin}/api/v3`;
  const [name = "", owner = ""] = path
    .replace(/\.git$/, "")
    .split("/")
    .toReversed();
  return { api: (api ?? own).replace(/\/+$/, ""), owner, name };
}

export interface GitHubRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Below the API's address. */
  readonly path: string;
  /** A token, or a signed web token of an app. */
  readonly token: string;
  readonly body?: unknown;
}

/**
 * One request; answers below 400 are returned as parsed JSON.
 *
 * @throws LedgerError with GitHub's own words. The token is never among them.
 */
export async function callGitHub<T>(api: string, request: GitHubRequest): Promise<T> {
  const { method, path, token, body } = request;
  const what = `${method} ${path} of the GitHub API`;
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "x-github-api-version": API_VERSION,
    "user-agent": "pulumi-delivery",
  };
  const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(`${api}${path}`, {
      ...init,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const { name, cause } = error as Error & { readonly cause?: { readonly code?: string } };
    throw new LedgerError("unreachable", [`${what} had no answer from ${api} (${cause?.code ?? name})`]);
  }
  const text = await response.text().catch(() => "");
  if (response.ok) return parsed(text) as T;
  throw refusal(what, response, wordsOf(text).replaceAll(token, "[hidden]"));
}

function refusal(what: string, { status, headers }: Response, words: string): LedgerError {
  const limits = readLimits(status, (name) => headers.get(name) ?? undefined, Date.now());
  const wait = limits.retryAfterSeconds === undefined ? "later" : `in ${limits.retryAfterSeconds} s`;
  const remedy = limits.limited ? `; too many requests, try again ${wait}` : "";
  const failure = limits.limited ? "rate-limited" : failureOf(status);
  return new LedgerError(
    failure,
    [`${what} was refused (HTTP ${status}): ${words}${remedy}`],
    limits.retryAfterSeconds,
  );
}

function failureOf(status: number): LedgerFailure {
  if (status === 401) return "authentication";
  if (status === 403) return "permission";
  if (status === 404) return "not-found";
  return status >= 500 ? "unreachable" : "other";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wordsOf(text: string): string {
  const { message, errors } = (parsed(text) ?? {}) as {
    readonly message?: unknown;
    readonly errors?: unknown;
  };
  const said = typeof message === "string" ? message : "no reason was given";
  const details = Array.isArray(errors)
    ? (errors as { readonly message?: unknown }[]).map((error) => error.message)
    : [];
  return [said, ...details.filter((detail) => typeof detail === "string")].join(" ");
}

import { CONTROL_PATH } from "./faults/index.ts";
import type { Fault, LoggedRequest, RequestFilter } from "./faults/index.ts";
import { readList, scanRepositories } from "./state/index.ts";
import type { Access, DeployKey } from "./state/index.ts";
import type { GitServer } from "./start.ts";

export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined when there is none. */
  readonly body: T;
}

export interface ApiRequest {
  readonly body?: unknown;
  /** @default the administrator's; null sends none */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One request to the GitHub API, whatever its status.
 *
 * @param path below the API's root, such as "/repos/acme/deploy"
 */
export async function callApi<T = Record<string, unknown>>(
  server: Pick<GitServer, "apiUrl" | "token">,
  method: string,
  path: string,
  request: ApiRequest = {},
): Promise<ApiAnswer<T>> {
  const token = request.token === undefined ? server.token : request.token;
  const headers = { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...request.headers };
  const body = request.body === undefined ? null : JSON.stringify(request.body);
  const response = await fetch(`${server.apiUrl}${path}`, { method, headers, body });
  const text = await response.text();
  const parsed: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: parsed as T };
}

export interface NewRepository {
  /** @default the first organization */
  readonly owner?: string;
  readonly private?: boolean;
  /** Begin with a commit of a README on `main`. @default false */
  readonly autoInit?: boolean;
}

export interface MadeRepository {
  /** "owner/name" */
  readonly fullName: string;
  readonly id: number;
  /** Without credentials: see {@link gitCredentials}. */
  readonly cloneUrl: string;
}

/** @throws when the server refuses, with its words */
export async function createRepository(
  server: GitServer,
  name: string,
  wanted: NewRepository = {},
): Promise<MadeRepository> {
  const body = { name, private: wanted.private ?? false, auto_init: wanted.autoInit ?? false };
  const path = `/orgs/${wanted.owner ?? server.organization}/repos`;
  const answer = await callApi<Record<"full_name" | "clone_url", string> & { readonly id: number }>(
    server,
    "POST",
    path,
    { body },
  );
  if (answer.status !== 201) throw new Error(`Making ${name} was refused: ${JSON.stringify(answer.body)}`);
  return { fullName: answer.body.full_name, id: answer.body.id, cloneUrl: answer.body.clone_url };
}

/** Environment variables that give a token to Git for this server only, without writing it anywhere. */
export function gitCredentials(server: GitServer, token: string = server.token): Record<string, string> {
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${server.url}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

interface Refused {
  readonly problems?: readonly string[];
}

async function control<T>(server: GitServer, method: string, path: string, body?: unknown): Promise<T> {
  const target = { apiUrl: `${server.url.slice(0, -1)}${CONTROL_PATH}`, token: server.controlToken };
  const answer = await callApi<T & Refused>(target, method, path, body === undefined ? {} : { body });
  if (answer.status === 200) return answer.body;
  const problems = answer.body.problems ?? [`status ${answer.status}`];
  throw new Error(`The Git server refused ${method} ${path}: ${problems.join("; ")}`);
}

/** Sets a fault, and returns its id. The first fault that fits a request happens to it. */
export async function setFault(server: GitServer, fault: Fault): Promise<number> {
  return (await control<{ id: number }>(server, "POST", "/faults", fault)).id;
}

/** Clears one fault, or all; requests that were paused go on. */
export async function clearFaults(server: GitServer, id?: number): Promise<void> {
  await control(server, "DELETE", id === undefined ? "/faults" : `/faults/${id}`);
}

/** The requests so far, oldest first, without those to the sandbox's own interface. */
export async function requests(server: GitServer, filter: RequestFilter = {}): Promise<LoggedRequest[]> {
  const query = new URLSearchParams({ ...filter });
  return control(server, "GET", `/requests?${query.toString()}`);
}

export async function clearRequests(server: GitServer): Promise<void> {
  await control(server, "DELETE", "/requests");
}

export interface IdentityRequest {
  readonly login: string;
  /** "admin" for everything, or a permission per "owner/name" ("owner/*" for all of an owner's). */
  readonly access: Access;
  /** 0 for a token that has expired already. @default it never expires */
  readonly expiresInSeconds?: number;
}

export interface MadeIdentity {
  readonly id: number;
  readonly login: string;
  readonly token: string;
}

/** Adds somebody, or gives somebody known other access, and makes a new token. */
export async function addIdentity(server: GitServer, identity: IdentityRequest): Promise<MadeIdentity> {
  return control(server, "POST", "/identities", identity);
}

/** From now on the server takes none of this identity's tokens. */
export async function expireToken(server: GitServer, login: string): Promise<void> {
  await control(server, "POST", `/identities/${encodeURIComponent(login)}/expire`, {});
}

export interface AppRequest {
  readonly login: string;
  readonly appId: string;
  /** PEM of the RSA key whose private half signs the app's JSON web tokens. */
  readonly publicKey: string;
  readonly access: Access;
  /** @default the first organization */
  readonly organization?: string;
  /** @default {@link DEFAULT_APP_TOKEN_SECONDS} */
  readonly tokenLifetimeSeconds?: number;
}

/** GitHub's tokens for installations live an hour. */
export const DEFAULT_APP_TOKEN_SECONDS = 3600;

/** Adds a GitHub App with one installation. */
export async function addApp(
  server: GitServer,
  app: AppRequest,
): Promise<{ readonly login: string; readonly installationId: number }> {
  const organization = app.organization ?? server.organization;
  const tokenLifetimeSeconds = app.tokenLifetimeSeconds ?? DEFAULT_APP_TOKEN_SECONDS;
  return control(server, "POST", "/apps", { ...app, organization, tokenLifetimeSeconds });
}

export interface RepositoryKey extends DeployKey {
  /** "owner/name" */
  readonly repository: string;
  /** The bare repository. */
  readonly dir: string;
}

/** Every deploy key of every repository, from the files: for what writes `authorized_keys`. */
export function readDeployKeys(root: string): RepositoryKey[] {
  return scanRepositories(root).flatMap(({ owner, name, dir }) =>
    readList(dir, "keys").map((key) => ({ ...key, dir, repository: `${owner}/${name}` })),
  );
}

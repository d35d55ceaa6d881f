import type { Repository } from "../reference";
import { isAllowed } from "./address";
import type { Challenge } from "./challenge";
import { readChallenges } from "./challenge";
import type { Credential } from "./credentials";
import type { HttpRequest, Send } from "./http";
import { ImageProblem } from "../problem";

const CLIENT_ID = "pulumi-delivery";

/** Asks for the right to read a repository. */
export interface AuthRequest {
  readonly repository: Repository;
  /** The `WWW-Authenticate` header of the answer that refused. */
  readonly challenge: string | undefined;
  readonly credential: Credential | undefined;
}

/**
 * The `Authorization` header that a registry asked for; undefined when it asked for one that cannot be given.
 * Source: distribution specification, "Token Authentication", which Docker Hub follows as well.
 *
 * @throws ImageProblem when the token service does not give a token.
 */
export async function authorizationFor(request: AuthRequest, send: Send): Promise<string | undefined> {
  const challenges = readChallenges(request.challenge);
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer !== undefined) return `Bearer ${await fetchToken(bearer, request, send)}`;
  const isBasic = challenges.some(({ scheme }) => scheme === "basic");
  return isBasic ? basic(request.credential) : undefined;
}

function basic(credential: Credential | undefined): string | undefined {
  if (credential?.login.kind !== "password") return undefined;
  const { username, password } = credential.login;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

async function fetchToken(challenge: Challenge, request: AuthRequest, send: Send): Promise<string> {
  const { domain, path } = request.repository;
  const service = tokenService(challenge, domain);
  const response = await send(tokenRequest(service, challenge, request));
  if (response.status === 401 || response.status === 403) {
    throw new ImageProblem(refusal({ ...request, answer: `its token service answered ${response.status}` }));
  }
  const token = readToken(response.status, response.body);
  if (token !== undefined) return token;
  throw new ImageProblem(
    `The token service of ${domain} (${service.host}) gave no token for ${path}: it answered ${response.status}. Try again later.`,
  );
}

function tokenService({ parameters }: Challenge, domain: string): URL {
  const realm = parameters.realm ?? "";
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url !== undefined && isAllowed(url)) return url;
  throw new ImageProblem(
    `${domain} names ${JSON.stringify(realm)} as its token service; it has to be an https address.`,
  );
}

/** An identity token is exchanged by POST, anything else is a GET, with the password when there is one. */
function tokenRequest(
  service: URL,
  { parameters }: Challenge,
  { repository, credential }: AuthRequest,
): HttpRequest {
  const scope = parameters.scope ?? `repository:${repository.path}:pull`;
  const common = { ...(parameters.service === undefined ? {} : { service: parameters.service }), scope };
  if (credential?.login.kind === "identity") {
    const grant = {
      grant_type: "refresh_token",
      client_id: CLIENT_ID,
      refresh_token: credential.login.token,
    };
    const form = { ...common, ...grant };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return { method: "POST", url: service, headers, body: new URLSearchParams(form).toString() };
  }
  const url = new URL(service);
  for (const [name, value] of Object.entries(common)) url.searchParams.set(name, value);
  const authorization = basic(credential);
  return { method: "GET", url, headers: authorization === undefined ? {} : { authorization } };
}

function readToken(status: number, body: Buffer): string | undefined {
  if (status !== 200) return undefined;
  try {
    const { token, access_token: accessToken } = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    return [token, accessToken].find((value) => typeof value === "string" && value !== "") as
      string | undefined;
  } catch {
    return undefined;
  }
}

/** What was refused, and by an answer in which words. */
export interface Refusal extends Omit<AuthRequest, "challenge"> {
  readonly answer: string;
}

/** Says who refused what, where the credentials came from and what to do; never a credential. */
export function refusal({ repository, credential, answer }: Refusal): string {
  const { domain, path } = repository;
  const remedy = `Log in with "docker login ${domain}", or give the image registry: { username, password }.`;
  if (credential === undefined)
    return `${domain} does not let ${path} be read without credentials (${answer}). ${remedy}`;
  return `${domain} refused the credentials for ${path} (${answer}). They came from ${credential.origin}. ${remedy}`;
}

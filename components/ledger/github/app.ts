import { createPrivateKey, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { LedgerError } from "../failure";
import { callGitHub, gitHubRepository } from "./client";

/** Clocks may differ; GitHub advises to begin a minute earlier. Source: GitHub, "Generating a JSON Web Token". */
const LEEWAY_SECONDS = 60;
/** GitHub takes ten minutes at most. */
const LIFETIME_SECONDS = 9 * 60;

/** What an installation's token is made with. */
export interface AppKey {
  readonly app: string;
  /** PEM. */
  readonly privateKey: string;
  readonly installation?: string;
  readonly api?: string;
}

/**
 * A token of the app's installation, for this repository alone. It lives an hour.
 *
 * @throws LedgerError when the key is none or GitHub refuses.
 */
export async function installationToken(key: AppKey, address: string, now = Date.now()): Promise<string> {
  const { api, owner, name } = gitHubRepository(address, key.api);
  const token = webToken(key, now);
  const installation =
    key.installation ?? (await findInstallation(api, `/repos/${owner}/${name}/installation`, token));
  const made = await callGitHub<{ readonly token?: string }>(api, {
    method: "POST",
    path: `/app/installations/${installation}/access_tokens`,
    token,
    body: { repositories: [name] },
  });
  if (typeof made?.token === "string") return made.token;
  throw new LedgerError("authentication", [`the GitHub API gave no token for app ${key.app}`]);
}

async function findInstallation(api: string, path: string, token: string): Promise<string> {
  const found = await callGitHub<{ readonly id?: number }>(api, { method: "GET", path, token });
  return String(found?.id);
}

/** A JSON web token (RFC 7519) that says "I am this app". */
function webToken({ app, privateKey }: AppKey, now: number): string {
  const seconds = Math.floor(now / 1000);
  const claims = { iat: seconds - LEEWAY_SECONDS, exp: seconds + LIFETIME_SECONDS, iss: app };
  const text = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), readKey(app, privateKey)).toString("base64url")}`;
}

function readKey(app: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new LedgerError("authentication", [
      `the private key of app ${app} is no PEM key; give the file GitHub made`,
    ]);
  }
}

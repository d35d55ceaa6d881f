import { installationToken } from "../github";
import { LedgerError } from "../failure";
import type { GitAccess, GitHubAppAccess } from "./args";
import { DEFAULT_TOKEN_USER, DEFAULT_TOKEN_VARIABLE } from "./args";
import { readSecret, sourceTitle } from "./secrets";
import type { SecretPlaces } from "./secrets";

/** What Git is given for one operation. */
export type Credential =
  | { readonly kind: "none"; readonly advice: string }
  | { readonly kind: "token"; readonly username: string; readonly token: string; readonly advice: string }
  | {
      readonly kind: "ssh";
      readonly knownHosts: string;
      /** The private key; without one the agent is asked. */
      readonly privateKey: string | undefined;
      readonly advice: string;
    };

/**
 * Looks the secrets up.
 *
 * @throws LedgerError when there is none where there should be, or GitHub gives no token for the app.
 */
export async function resolveAccess(
  access: GitAccess | undefined,
  repository: string,
  places: SecretPlaces,
): Promise<Credential> {
  if (access === undefined) return defaultCredential(places);
  switch (access.kind) {
    case "token": {
      const token = singleLine(readSecret(access.token, places), sourceTitle(access.token));
      const advice = `check that the token in ${sourceTitle(access.token)} is valid, not expired and may write here`;
      return { kind: "token", username: access.username ?? DEFAULT_TOKEN_USER, token, advice };
    }
    case "github-app":
      return appCredential(access, repository, places);
    case "ssh-key": {
      const advice = `check that the key in ${sourceTitle(access.privateKey)} is a deploy key with write access`;
      const privateKey = readSecret(access.privateKey, places);
      return { kind: "ssh", knownHosts: access.knownHosts, privateKey, advice };
    }
    case "ssh-agent": {
      const advice =
        "check that the agent of SSH_AUTH_SOCK runs and has a key with write access (ssh-add -l)";
      return { kind: "ssh", knownHosts: access.knownHosts, privateKey: undefined, advice };
    }
    default:
      return access satisfies never;
  }
}

function defaultCredential({ environment }: SecretPlaces): Credential {
  const token = environment[DEFAULT_TOKEN_VARIABLE]?.trim() ?? "";
  if (token === "") {
    return { kind: "none", advice: `no credentials were sent; put a token into ${DEFAULT_TOKEN_VARIABLE}` };
  }
  const advice = `check that the token in ${DEFAULT_TOKEN_VARIABLE} is valid, not expired and may write here`;
  return {
    kind: "token",
    username: DEFAULT_TOKEN_USER,
    token: singleLine(token, DEFAULT_TOKEN_VARIABLE),
    advice,
  };
}

async function appCredential(
  access: GitHubAppAccess,
  repository: string,
  places: SecretPlaces,
): Promise<Credential> {
  const privateKey = readSecret(access.privateKey, places);
  const token = await installationToken({ ...access, privateKey }, repository);
  const advice = `check that the installation of app ${access.app} may write contents of this repository`;
  return { kind: "token", username: DEFAULT_TOKEN_USER, token, advice };
}

/** A line break would end the header that the token is sent in. */
function singleLine(token: string, place: string): string {
  if (!/[\0-\x20\x7f]/.test(token)) return token;
  throw new LedgerError("authentication", [`what is in ${place} is no token: it has white space inside`]);
}

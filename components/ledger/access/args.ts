/**
 * Where a secret is read when it is needed. Only this description is kept in the state, never the value.
 *
 * - `variable`: an environment variable of the process that runs `pulumi`.
 * - `file`: a file on that machine. It is read again after a refusal, for tokens that are rotated.
 * - `config`: a secret of the stack's configuration, as `"delivery:gitToken"`. The engine hands it over in `up`;
 *   `destroy` and `refresh` see the value of the last `up`.
 */
export type SecretSource =
  | { readonly variable: string; readonly file?: never; readonly config?: never }
  | { readonly file: string; readonly variable?: never; readonly config?: never }
  | { readonly config: string; readonly variable?: never; readonly file?: never };

/** A token for https: a personal, project or deploy token. */
export interface TokenAccess {
  readonly kind: "token";
  readonly token: SecretSource;
  /**
   * What the server wants as user's name beside a token: any for GitHub and GitLab.
   * @default {@link DEFAULT_TOKEN_USER}
   */
  readonly username?: string;
}

/** An installation of a GitHub App: a token for this repository alone is made for each publication. */
export interface GitHubAppAccess {
  readonly kind: "github-app";
  /** Its id or client id. */
  readonly app: string;
  /** The app's private key, PEM. */
  readonly privateKey: SecretSource;
  /** @default the repository's installation, which GitHub is asked for */
  readonly installation?: string;
  /**
   * Address of the API.
   * @default that of the repository's host: `https://api.github.com` or `https://HOST/api/v3`
   */
  readonly api?: string;
}

/** A private key for ssh, in OpenSSH's format and without a passphrase. */
export interface SshKeyAccess {
  readonly kind: "ssh-key";
  readonly privateKey: SecretSource;
  /** Lines of a known_hosts file for the server: no other host key is taken, and none is learned. */
  readonly knownHosts: string;
}

/** The agent that `SSH_AUTH_SOCK` names. */
export interface SshAgentAccess {
  readonly kind: "ssh-agent";
  readonly knownHosts: string;
}

/** How the repository's server is told who asks. */
export type GitAccess = TokenAccess | GitHubAppAccess | SshKeyAccess | SshAgentAccess;

/** User's name sent with a token. Source: GitHub, "Authenticating as an installation". */
export const DEFAULT_TOKEN_USER = "x-access-token";
/** The token of an https repository whose access is not described; without it no credentials are sent. */
export const DEFAULT_TOKEN_VARIABLE = "DELIVERY_GIT_TOKEN";

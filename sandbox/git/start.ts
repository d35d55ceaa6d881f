import { join } from "node:path";
import { answers, startService, stopService } from "../processes/index.ts";
import { API_PATH } from "./api/index.ts";
import { CONTROL_PATH } from "./faults/index.ts";
import { gitRoot } from "./layout.ts";
import { settleSettings } from "./state/index.ts";

/** Name of the server's process record and log. */
export const GIT_SERVICE = "git-server";
/** @see GitServerOptions.organizations */
export const DEFAULT_ORGANIZATION = "acme";

export interface GitServerOptions {
  /** Organizations that are there. One that was there before stays. @default [{@link DEFAULT_ORGANIZATION}] */
  readonly organizations?: readonly string[];
  /** Whether public repositories can be read without a token. @default true, as on GitHub */
  readonly anonymousRead?: boolean;
}

/** A running server; plain data, so that any process of the sandbox can use it. */
export interface GitServer {
  readonly port: number;
  /** "http://127.0.0.1:PORT/": `baseUrl` of the GitHub provider; repositories are at OWNER/NAME.git below it. */
  readonly url: string;
  /** Of the REST API, without a slash at its end. */
  readonly apiUrl: string;
  /** Where the first of the organizations has its repositories. */
  readonly organization: string;
  /** The administrator, who may do everything with every repository. */
  readonly login: string;
  /** The administrator's token, for Git (as the password) and for the API. */
  readonly token: string;
  /** For faults, identities and the log of requests; see `client.ts`. */
  readonly controlToken: string;
  /** Has the bare repositories, as OWNER/NAME.git. */
  readonly root: string;
}

/**
 * Starts the Git server of a sandbox, or finds it running; new options count from its next start on.
 * Port, tokens and repositories are kept in `dir/git`.
 *
 * @param dir the sandbox's folder
 * @throws when it is not ready in time; the message has the last lines of its log
 */
export async function startGitServer(dir: string, options: GitServerOptions = {}): Promise<GitServer> {
  const organizations = options.organizations ?? [DEFAULT_ORGANIZATION];
  const root = gitRoot(dir);
  const settings = await settleSettings(root, {
    organizations,
    anonymousRead: options.anonymousRead ?? true,
  });
  const url = `http://127.0.0.1:${settings.port}/`;
  const main = join(import.meta.dirname, "main.ts");
  await startService(dir, {
    name: GIT_SERVICE,
    command: process.execPath,
    args: ["--no-warnings", main, root],
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
    ready: () => answers(`${url.slice(0, -1)}${CONTROL_PATH}/health`),
  });
  const { port, login, token, controlToken } = settings;
  const apiUrl = `http://127.0.0.1:${port}${API_PATH}`;
  return {
    port,
    url,
    apiUrl,
    organization: organizations[0] ?? DEFAULT_ORGANIZATION,
    login,
    token,
    controlToken,
    root,
  };
}

export async function stopGitServer(dir: string): Promise<void> {
  await stopService(dir, GIT_SERVICE);
}

import { execFile } from "node:child_process";
import type { Environment } from "../../environment";
import type { Login } from "./docker-config";
import { ImageProblem } from "../problem";

/** How long a credential helper may take, in milliseconds: one may ask a cloud for a token. */
export const DEFAULT_HELPER_TIMEOUT_MS = 20_000;

/** What a helper prints when it has nothing. Source: docker/docker-credential-helpers, `credentials/error.go`. */
const NOT_FOUND = "credentials not found in native keychain";
/** The user name of a secret that is a token and no password. Source: docker/cli, `config/credentials`. */
const TOKEN_USER = "<token>";
const HELPER_NAME = /^[\w.-]+$/;

export interface HelperRequest {
  /** The part of the program's name behind `docker-credential-`. */
  readonly helper: string;
  /** The registry, as Docker names it to helpers. */
  readonly server: string;
  readonly environment: Environment;
  /** @default {@link DEFAULT_HELPER_TIMEOUT_MS} */
  readonly timeoutMs?: number;
}

/**
 * Asks a credential helper of Docker; undefined when it knows nothing about the registry.
 * What it prints goes nowhere else, since it is a secret or may hold one.
 *
 * @throws ImageProblem when it is not there, fails or takes too long.
 */
export async function askHelper(request: HelperRequest): Promise<Login | undefined> {
  const { helper, server, timeoutMs = DEFAULT_HELPER_TIMEOUT_MS } = request;
  const program = `docker-credential-${helper}`;
  const fail = (why: string): never => {
    throw new ImageProblem(`The credential helper ${program} was asked for ${server} and ${why}.`);
  };
  if (!HELPER_NAME.test(helper)) fail("is not run: its name in Docker's configuration is no plain word");
  const { error, stdout } = await run(program, request, timeoutMs);
  if (error === null) return readAnswer(stdout) ?? fail("answered with something that is no credential");
  if (stdout.includes(NOT_FOUND)) return undefined;
  if (error.code === "ENOENT")
    return fail("is not on PATH; install it, or take it out of Docker's configuration");
  return fail(
    error.killed === true ? `did not answer within ${timeoutMs / 1000} s` : "failed; run it by hand",
  );
}

interface HelperRun {
  readonly error: { readonly code?: unknown; readonly killed?: boolean } | null;
  readonly stdout: string;
}

async function run(
  program: string,
  { server, environment }: HelperRequest,
  timeout: number,
): Promise<HelperRun> {
  return new Promise((resolve) => {
    const done = (error: HelperRun["error"], stdout: string): void => resolve({ error, stdout });
    const child = execFile(program, ["get"], { env: { ...environment }, timeout }, done);
    child.stdin?.on("error", () => {}).end(server);
  });
}

function readAnswer(stdout: string): Login | undefined {
  try {
    const { Username: username, Secret: secret } = JSON.parse(stdout) as Record<string, unknown>;
    if (typeof username !== "string" || typeof secret !== "string") return undefined;
    if (username === TOKEN_USER) return { kind: "identity", token: secret };
    return { kind: "password", username, password: secret };
  } catch {
    return undefined;
  }
}

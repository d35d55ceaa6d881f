import { execFile } from "node:child_process";
import type { Environment } from "../../environment";
import { shown } from "../../manifests/names";
import { Mistake } from "../../mistake";
import type { Entry } from "../merge";
import type { Credentials } from "./access";

/** How long a program may take to give credentials, in milliseconds. */
export const EXEC_TIMEOUT_MS = 30_000;
/** Credentials are asked for again this long before they expire, in milliseconds. */
const EXPIRY_MARGIN_MS = 60_000;

interface ExecCredential {
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

/**
 * Credentials from the program that a kubeconfig names, as those of the big clouds do. They are kept until they
 * expire. Source: Kubernetes, "client-go credential plugins".
 */
export function execCredentials(
  title: string,
  exec: Entry,
  environment: Environment,
): (anew: boolean) => Promise<Credentials> {
  let kept: { readonly credentials: Credentials; readonly until: number } | undefined;
  return async (anew) => {
    if (kept !== undefined && !anew && Date.now() < kept.until) return kept.credentials;
    const { status = {} } = await run(title, exec, environment);
    const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
    const credentials = {
      ...(token === undefined ? {} : { token }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    };
    const expires = expirationTimestamp === undefined ? Infinity : Date.parse(expirationTimestamp);
    kept = { credentials, until: expires - EXPIRY_MARGIN_MS };
    return credentials;
  };
}

/** What the program prints is a secret, and so may be what it complains of: neither is part of an error. */
async function run(title: string, exec: Entry, environment: Environment): Promise<ExecCredential> {
  const command = String(exec.command);
  const args = Array.isArray(exec.args) ? exec.args.map(String) : [];
  const info = {
    kind: "ExecCredential",
    apiVersion: exec.apiVersion,
    spec: { interactive: false },
  };
  const variables = (Array.isArray(exec.env) ? exec.env : []) as { name: string; value: string }[];
  const own = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  const env = { ...environment, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const fix = `run it by hand to see what it says`;
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, timeout: EXEC_TIMEOUT_MS, encoding: "utf8" }, (error, output) => {
      const failed = (why: string): void =>
        reject(
          new Mistake(title, [`the program ${shown(command)}, which has its credentials, ${why}; ${fix}`]),
        );
      if (error !== null) return failed(`failed (${error.code ?? error.signal ?? "no exit code"})`);
      try {
        resolve(JSON.parse(output) as ExecCredential);
      } catch {
        failed("printed no ExecCredential");
      }
    });
  });
}

import { readFileSync } from "node:fs";
import { systemEnvironment } from "../../environment";
import type { Environment } from "../../environment";
import { shown } from "../../manifests/names";
import { Mistake, throwIfAny } from "../../mistake";
import { readKubeconfigs } from "../files";
import { checkKubeconfig } from "../kubeconfig";
import { mergeKubeconfigs } from "../merge";
import type { Entry, Kubeconfig } from "../merge";
import { execCredentials } from "./exec";

/** How a cluster is reached, as plain data: a context of the kubeconfig files in use, or a kubeconfig's text. */
export type ClusterAccess =
  | { readonly context: string; readonly kubeconfig?: undefined; readonly allowInsecureTls?: boolean }
  | {
      /** A secret: it has credentials in it. */
      readonly kubeconfig: string;
      /** @default the kubeconfig's current context */
      readonly context?: string;
      /** Names of programs that it may have run. @default none */
      readonly allowExec?: readonly string[];
      /** Whether the cluster's certificate may go unchecked. @default false */
      readonly allowInsecureTls?: boolean;
    };

/** What a request is sent with to say who asks. */
export interface Credentials {
  readonly token?: string;
  /** PEM text of a client certificate, and of its key. */
  readonly cert?: string;
  readonly key?: string;
}

/** One way into one cluster. */
export interface Endpoint {
  /** Address of the API server. */
  readonly server: string;
  /** PEM text of the authority that signed its certificate. @default those that Node.js trusts */
  readonly ca?: string;
  /** The name that the certificate has to have. @default the host of the address */
  readonly serverName?: string;
  /** Whether its certificate is not checked. @default false */
  readonly isUnchecked?: boolean;
  /** @param anew whether the last ones were refused, so that what is kept of them is of no use */
  readonly credentials: (anew: boolean) => Promise<Credentials>;
}

/**
 * Reads what a kubeconfig says of one cluster. No request is sent, and no program is run yet.
 *
 * @throws Mistake with every problem of the kubeconfig; no message has a value of a credential.
 */
export function openAccess(
  cluster: string,
  access: ClusterAccess,
  environment: Environment = systemEnvironment(),
): Endpoint {
  const title = `cluster ${JSON.stringify(cluster)}`;
  const { context, user, entry } = locate(title, access, environment);
  throwIfAny(title, checkUsable(entry, user));
  const ca = textOf(title, entry, "certificate-authority");
  const serverName = entry["tls-server-name"];
  return {
    server: String(entry.server),
    ...(ca === undefined ? {} : { ca }),
    ...(typeof serverName === "string" ? { serverName } : {}),
    ...(entry["insecure-skip-tls-verify"] === true ? { isUnchecked: true } : {}),
    credentials: credentialsOf(title, user, { context, environment }),
  };
}

interface Located {
  readonly context: string;
  readonly entry: Entry;
  readonly user: Entry;
}

function locate(title: string, access: ClusterAccess, environment: Environment): Located {
  const inline = access.kubeconfig !== undefined;
  const files = inline
    ? { texts: [access.kubeconfig], folders: [], origin: "its kubeconfig", problems: [] }
    : readKubeconfigs(environment);
  throwIfAny(title, files.problems);
  const { allowInsecureTls = false } = access;
  const rules = {
    allowInsecureTls,
    ...(access.kubeconfig === undefined ? {} : { inline: { allowExec: access.allowExec ?? [] } }),
  };
  throwIfAny(title, checkKubeconfig(files.texts, files.origin, access.context, rules));
  return chosen(mergeKubeconfigs(files.texts, files.folders), access.context);
}

/** What is there, since the kubeconfig was checked. */
function chosen(config: Kubeconfig, named: string | undefined): Located {
  const context = named ?? config.currentContext!;
  const { cluster, user } = config.contexts.get(context)!;
  return { context, entry: config.clusters.get(String(cluster))!, user: config.users.get(String(user))! };
}

function checkUsable(cluster: Entry, user: Entry): string[] {
  const problems: string[] = [];
  if (cluster["proxy-url"] !== undefined)
    problems.push(
      "its kubeconfig has a proxy-url, which checks cannot use; reach it without, or give checks: []",
    );
  if (user["auth-provider"] !== undefined)
    problems.push(
      "its kubeconfig has an auth-provider, which Kubernetes gave up; use exec, a token or a certificate",
    );
  return problems;
}

function credentialsOf(
  title: string,
  user: Entry,
  where: { readonly context: string; readonly environment: Environment },
): Endpoint["credentials"] {
  if (user.exec !== undefined) return execCredentials(title, user.exec as Entry, where.environment);
  // A token's file is rotated while we run, so it is read each time.
  return async () => {
    const token = user.tokenFile === undefined ? user.token : readFile(title, user.tokenFile).trim();
    const cert = textOf(title, user, "client-certificate");
    const key = textOf(title, user, "client-key");
    return {
      ...(typeof token === "string" ? { token } : {}),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    };
  };
}

/** PEM text that a kubeconfig has in itself, in base64, or in a file beside it. */
function textOf(title: string, entry: Entry, field: string): string | undefined {
  const data = entry[`${field}-data`];
  if (typeof data === "string" && data !== "") return Buffer.from(data, "base64").toString("utf8");
  return entry[field] === undefined ? undefined : readFile(title, entry[field]);
}

function readFile(title: string, path: unknown): string {
  try {
    return readFileSync(String(path), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Mistake(title, [
      `its kubeconfig names the file ${shown(path)}, which cannot be read (${code})`,
    ]);
  }
}

import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";

/** One way into one cluster. */
export interface Access {
  /** Name of the cluster, and of the context. */
  readonly name: string;
  /** Address of the API server, `https://HOST:PORT`. */
  readonly server: string;
  /** PEM text of the authority that signed its certificate. */
  readonly ca: string;
  readonly user: string;
  readonly token: string;
}

interface Cluster {
  readonly server: string;
  readonly "certificate-authority-data": string;
}

/** The part of a kubeconfig that {@link renderKubeconfig} writes. */
interface Kubeconfig {
  readonly "current-context": string;
  readonly clusters: readonly { readonly name: string; readonly cluster: Cluster }[];
  readonly users: readonly { readonly name: string; readonly user: { readonly token: string } }[];
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
}

/** A kubeconfig with one context for each access, named after its cluster; the first one is current. */
export function renderKubeconfig(accesses: readonly Access[]): string {
  const config: Kubeconfig = {
    "current-context": accesses[0]?.name ?? "",
    clusters: accesses.map(({ name, server, ca }) => ({
      name,
      cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") },
    })),
    users: accesses.map(({ name, user, token }) => ({ name: `${name}-${user}`, user: { token } })),
    contexts: accesses.map(({ name, user }) => ({
      name,
      context: { cluster: name, user: `${name}-${user}` },
    })),
  };
  return stringify({ apiVersion: "v1", kind: "Config", ...config }, { lineWidth: 0 });
}

/**
 * Reads one context back from a kubeconfig that this sandbox wrote.
 *
 * @param context @default the current one
 * @throws when it has no such context
 */
export function readAccess(path: string, context?: string): Access {
  const config = parse(readFileSync(path, "utf8")) as Kubeconfig;
  const name = context ?? config["current-context"];
  const chosen = config.contexts.find((entry) => entry.name === name)?.context;
  const cluster = config.clusters.find((entry) => entry.name === chosen?.cluster)?.cluster;
  const user = config.users.find((entry) => entry.name === chosen?.user);
  if (cluster === undefined || user === undefined) {
    const known = config.contexts.map((entry) => entry.name).join(", ");
    throw new Error(`${path} has no context ${JSON.stringify(name)}; it has: ${known}.`);
  }
  const ca = Buffer.from(cluster["certificate-authority-data"], "base64").toString("utf8");
  return { name, server: cluster.server, ca, user: user.name.slice(name.length + 1), token: user.user.token };
}

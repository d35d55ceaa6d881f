import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Mistake, throwIfAny } from "../mistake";
import { checkKubeconfig } from "./kubeconfig";
import { mergeKubeconfigs } from "./merge";
import type { Entry, Kubeconfig } from "./merge";
import type { ClusterByKubeconfig } from "./target";

/** A kubeconfig in a file of one's own. */
export interface KubeconfigFile extends Omit<ClusterByKubeconfig, "kubeconfig" | "allowExec"> {
  /** Relative paths begin at the working directory, which is that of the program. */
  readonly path: string;
}

/**
 * A cluster by the path of a kubeconfig. Of the file no more than its context is taken, with the certificates that it
 * names, so that neither the path nor any other credential goes into the state. A program that it names for its
 * credentials is allowed: it is a file of the user.
 *
 * @throws Mistake when it cannot be read, or has a problem. No message has a value of a credential.
 * @example
 * clusters: [clusterFromFile({ name: "eu", path: "eu.kubeconfig" })]
 */
export function clusterFromFile({ path, context, ...cluster }: KubeconfigFile): ClusterByKubeconfig {
  const title = `cluster ${JSON.stringify(cluster.name)}`;
  const text = readText(title, path);
  const { allowInsecureTls = false } = cluster;
  throwIfAny(title, checkKubeconfig([text], path, context, { allowInsecureTls }));
  const config = mergeKubeconfigs([text], [dirname(resolve(path))]);
  const { kubeconfig, command } = alone(title, config, context ?? config.currentContext!);
  return { ...cluster, kubeconfig, ...(command === undefined ? {} : { allowExec: [command] }) };
}

/** One context of a kubeconfig as a kubeconfig of its own. */
function alone(
  title: string,
  { contexts, clusters, users }: Kubeconfig,
  name: string,
): { readonly kubeconfig: string; readonly command: string | undefined } {
  const context = contexts.get(name)!;
  const [cluster, user] = [clusters.get(String(context.cluster))!, users.get(String(context.user))!];
  const kubeconfig = JSON.stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": name, contexts: [{ name, context }] },
    clusters: [{ name: context.cluster, cluster: inlined(title, cluster) }],
    users: [{ name: context.user, user: inlined(title, user) }],
  });
  const { command } = (user.exec ?? {}) as Entry;
  return { kubeconfig, command: command === undefined ? undefined : String(command) };
}

/** Fields that name a file of PEM text, which has a field for the text itself, too. */
const PEM_FIELDS = ["certificate-authority", "client-certificate", "client-key"];

function inlined(title: string, entry: Entry): Entry {
  const named = PEM_FIELDS.filter((field) => typeof entry[field] === "string" && entry[field] !== "");
  const texts = named.map((field) => {
    const text = readText(title, String(entry[field]));
    return [`${field}-data`, Buffer.from(text).toString("base64")] as const;
  });
  const others = Object.entries(entry).filter(([field]) => !named.includes(field));
  return Object.fromEntries([...others, ...texts]);
}

function readText(title: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Mistake(title, [`the file ${path} cannot be read (${code}); correct its path or its mode`]);
  }
}

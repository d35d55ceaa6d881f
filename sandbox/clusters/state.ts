import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { freePort } from "../processes/index.ts";
import { writePrivate } from "./files.ts";
import { ADMIN, RESTRICTED_IDENTITIES } from "./identities.ts";
import { clusterPaths, identityKubeconfig, stateFile } from "./layout.ts";
import type { IdentityName, Tokens } from "./identities.ts";

/** What a program needs to use one cluster. Plain data with secrets in it: the tokens. */
export interface ClusterInfo {
  readonly name: string;
  /** The address in every kubeconfig, `https://127.0.0.1:PORT`: that of the proxy, if there is one. */
  readonly server: string;
  /** Where the API server itself listens. */
  readonly apiPort: number;
  /** Where a proxy listens, if there is one. */
  readonly proxyPort: number;
  /** Path of the admin's kubeconfig; its context is named after the cluster. */
  readonly kubeconfig: string;
  /** Paths of the kubeconfigs of the restricted identities. */
  readonly restricted: Readonly<Record<IdentityName, string>>;
  /** Paths. The certificate is its own authority, valid for 127.0.0.1 and localhost on any port. */
  readonly tls: { readonly certificate: string; readonly key: string };
  readonly tokens: Tokens;
}

/** Every cluster that was ever started in this sandbox, whether it runs or not. */
export function readClusters(dir: string): readonly ClusterInfo[] {
  try {
    return JSON.parse(readFileSync(stateFile(dir), "utf8")) as ClusterInfo[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** @throws when this sandbox has no such cluster */
export function findCluster(dir: string, name: string): ClusterInfo {
  const clusters = readClusters(dir);
  const found = clusters.find((cluster) => cluster.name === name);
  if (found !== undefined) return found;
  const known = clusters.map((cluster) => cluster.name).join(", ") || "none";
  throw new Error(`There is no cluster ${JSON.stringify(name)} in this sandbox; there is: ${known}.`);
}

/**
 * Adds the named clusters to those that are kept. A known one keeps its ports and tokens; only its address
 * follows whether there is a proxy now.
 */
export async function keepClusters(
  dir: string,
  names: readonly string[],
  proxied: boolean,
): Promise<readonly ClusterInfo[]> {
  const clusters = [...readClusters(dir)];
  for (const name of names) {
    if (clusters.some((cluster) => cluster.name === name)) continue;
    const taken = clusters.flatMap(({ apiPort, proxyPort }) => [apiPort, proxyPort]);
    clusters.push(await newCluster(dir, name, taken));
  }
  const addressed = clusters.map((cluster) => ({ ...cluster, server: address(cluster, proxied) }));
  writePrivate(stateFile(dir), JSON.stringify(addressed, null, 2));
  return addressed;
}

const address = ({ proxyPort, apiPort }: ClusterInfo, proxied: boolean): string =>
  `https://127.0.0.1:${proxied ? proxyPort : apiPort}`;

async function newCluster(dir: string, name: string, taken: readonly number[]): Promise<ClusterInfo> {
  const paths = clusterPaths(dir, name);
  const apiPort = await anotherPort(taken);
  const proxyPort = await anotherPort([...taken, apiPort]);
  const restricted = RESTRICTED_IDENTITIES.map((who) => [who.name, identityKubeconfig(dir, name, who.name)]);
  const tokens = [ADMIN, ...RESTRICTED_IDENTITIES].map((who) => [who.name, randomBytes(24).toString("hex")]);
  return {
    name,
    server: "",
    apiPort,
    proxyPort,
    kubeconfig: paths.kubeconfig,
    restricted: Object.fromEntries(restricted) as ClusterInfo["restricted"],
    tls: { certificate: paths.certificate, key: paths.certificateKey },
    tokens: Object.fromEntries(tokens) as Tokens,
  };
}

async function anotherPort(taken: readonly number[]): Promise<number> {
  const port = await freePort();
  return taken.includes(port) ? anotherPort(taken) : port;
}

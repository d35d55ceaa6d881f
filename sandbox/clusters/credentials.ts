import { generateKeyPairSync } from "node:crypto";
import { chmodSync, readFileSync, renameSync } from "node:fs";
import { tryRun } from "../processes/index.ts";
import { allExist, makePrivateDir, writePrivate } from "./files.ts";
import { RESTRICTED_IDENTITIES, renderTokenFile } from "./identities.ts";
import type { Tokens } from "./identities.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import type { Access } from "./kubeconfig.ts";
import { clusterPaths, mergedKubeconfig } from "./layout.ts";
import type { ClusterPaths } from "./layout.ts";
import type { ClusterInfo } from "./state.ts";

const VALID_DAYS = 3650;

/** Makes what is missing of a cluster's certificate and keys, and writes its token file. What is there is kept. */
export async function writeCredentials(dir: string, cluster: ClusterInfo): Promise<void> {
  const paths = clusterPaths(dir, cluster.name);
  makePrivateDir(paths.home);
  writePrivate(paths.tokens, renderTokenFile(cluster.tokens));
  if (!allExist(paths.serviceAccountKey, paths.serviceAccountPublicKey)) writeServiceAccountKeys(paths);
  if (!allExist(paths.certificate, paths.certificateKey)) await makeCertificate(paths);
}

function writeServiceAccountKeys(paths: ClusterPaths): void {
  const pair = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  writePrivate(paths.serviceAccountKey, pair.privateKey);
  writePrivate(paths.serviceAccountPublicKey, pair.publicKey);
}

/**
 * One certificate that is its own authority, for the API server and for a proxy before it, whatever their ports.
 * `node:crypto` cannot make certificates, and the one that `kube-apiserver --cert-dir` makes lacks `localhost`.
 */
async function makeCertificate(paths: ClusterPaths): Promise<void> {
  const made = { key: `${paths.certificateKey}.new`, certificate: `${paths.certificate}.new` };
  const result = await tryRun("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"],
    ...["-days", String(VALID_DAYS), "-subj", "/CN=sandbox-cluster"],
    ...[
      "-addext",
      "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost",
      "-addext",
      "extendedKeyUsage=serverAuth",
    ],
    ...["-keyout", made.key, "-out", made.certificate],
  ]);
  if (result.code !== 0) {
    const why = result.stderr.trimEnd().split("\n").slice(-3).join("\n");
    throw new Error(
      `No certificate for ${paths.home}: openssl failed (Debian's package is openssl):\n${why}`,
    );
  }
  chmodSync(made.key, 0o600);
  renameSync(made.key, paths.certificateKey);
  renameSync(made.certificate, paths.certificate);
}

/** One kubeconfig for each identity of each cluster, and the admin's merged one. */
export function writeKubeconfigs(dir: string, clusters: readonly ClusterInfo[]): void {
  for (const cluster of clusters) {
    const inner = { ...cluster, server: `https://127.0.0.1:${cluster.apiPort}` };
    writePrivate(clusterPaths(dir, cluster.name).innerKubeconfig, renderKubeconfig([access(inner, "admin")]));
    writePrivate(cluster.kubeconfig, renderKubeconfig([access(cluster, "admin")]));
    for (const { name } of RESTRICTED_IDENTITIES) {
      writePrivate(cluster.restricted[name], renderKubeconfig([access(cluster, name)]));
    }
  }
  writePrivate(mergedKubeconfig(dir), renderKubeconfig(clusters.map((cluster) => access(cluster, "admin"))));
}

function access({ name, server, tls, tokens }: ClusterInfo, user: keyof Tokens): Access {
  return { name, server, ca: readFileSync(tls.certificate, "utf8"), user, token: tokens[user] };
}

import { join } from "node:path";

/** The files of one cluster. */
export interface ClusterPaths {
  readonly home: string;
  readonly certificate: string;
  readonly certificateKey: string;
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  readonly tokens: string;
  /** How the API server reaches pods, where that is said. */
  readonly podNetwork: string;
  /** Of the admin, through the proxy if there is one. */
  readonly kubeconfig: string;
  /** Of the admin, straight to the API server: for the cluster's own controllers, which no fault on the way may stop. */
  readonly innerKubeconfig: string;
}

export const clustersDir = (dir: string): string => join(dir, "clusters");

/** Everything known of all clusters, as `ClusterInfo[]`. */
export const stateFile = (dir: string): string => join(clustersDir(dir), "clusters.json");

/** The admin's way into every cluster; each context is named after its cluster. */
export const mergedKubeconfig = (dir: string): string => join(clustersDir(dir), "kubeconfig");

/** No cluster is called like this: its name would have a dot. */
export const etcdDir = (dir: string): string => join(clustersDir(dir), "shared.etcd");

export function clusterPaths(dir: string, cluster: string): ClusterPaths {
  const home = join(clustersDir(dir), cluster);
  return {
    home,
    certificate: join(home, "tls.crt"),
    certificateKey: join(home, "tls.key"),
    serviceAccountKey: join(home, "service-account.key"),
    serviceAccountPublicKey: join(home, "service-account.pub"),
    tokens: join(home, "tokens.csv"),
    podNetwork: join(home, "egress.json"),
    kubeconfig: join(home, "kubeconfig"),
    innerKubeconfig: join(home, "kubeconfig.inner"),
  };
}

export const identityKubeconfig = (dir: string, cluster: string, identity: string): string =>
  join(clusterPaths(dir, cluster).home, `kubeconfig.${identity}`);

import { join } from "node:path";
import type { ClusterPaths } from "./layout.ts";
import type { ClusterInfo } from "./state.ts";

/** Paths of the binaries that clusters are made of. */
export type ClusterTools = Readonly<
  Record<"etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok", string>
>;

/** How one process is started. */
export interface PartSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Collect garbage more often than Go does by itself (100): measured on 1.36, 33 MB less for each API server
 * and no slower start. A limit (`GOMEMLIMIT`) would make a filled cluster burn its processor instead.
 */
const SMALL_HEAP = { GOGC: "50" };

const SERVICE_RANGE = "10.96.0.0/16";
const ISSUER = "https://kubernetes.default.svc.cluster.local";

/**
 * All that are on by default, but for the watch over nodes: KWOK keeps no lease, and a cluster that was
 * paused for minutes must not evict its pods when it goes on. Leaving out everything that a test has not
 * asked for yet would save 20 MB, and hang whatever waits for one of the finalizers that admission sets.
 */
export const CONTROLLERS: readonly string[] = [
  "*",
  "-node-ipam-controller",
  "-node-lifecycle-controller",
  "-taint-eviction-controller",
];

/** Where etcd listens: a socket in a folder of the sandbox's owner, since etcd itself asks nobody who he is. */
export const etcdSocket = (home: string): string => join(home, "client:0");

/** It runs in `home`, where its sockets are. Etcd wants addresses with a port, so the names of the two files have one. */
export function etcdPart(tools: ClusterTools, home: string): PartSpec {
  const [client, peer] = ["unix://client:0", "unix://peer:0"];
  const args = [
    ...["--name=sandbox", `--data-dir=${join(home, "data")}`, "--log-level=warn"],
    ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
    ...[
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=sandbox=${peer}`,
    ],
    "--unsafe-no-fsync",
  ];
  return { command: tools.etcd, args, env: SMALL_HEAP };
}

/**
 * Privileged pods are Pod Security's to refuse, by namespace. `TaintNodesByCondition` is off since the controller that takes its taint away is. There is nobody to
 * publish the server's address to, and a loopback one is refused there: no endpoint reconciler.
 */
export function apiServerPart(
  tools: ClusterTools,
  cluster: ClusterInfo,
  paths: ClusterPaths,
  etcd: string,
): PartSpec {
  const args = [
    ...[`--etcd-servers=unix://${etcd}`, `--etcd-prefix=/${cluster.name}`],
    ...["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none"],
    ...[`--secure-port=${cluster.apiPort}`, `--service-cluster-ip-range=${SERVICE_RANGE}`],
    ...[`--tls-cert-file=${paths.certificate}`, `--tls-private-key-file=${paths.certificateKey}`],
    ...[`--token-auth-file=${paths.tokens}`, "--authorization-mode=RBAC"],
    ...[`--service-account-issuer=${ISSUER}`, `--service-account-key-file=${paths.serviceAccountPublicKey}`],
    `--service-account-signing-key-file=${paths.serviceAccountKey}`,
    ...["--disable-admission-plugins=TaintNodesByCondition", "--profiling=false"],
    "--allow-privileged=true",
  ];
  return { command: tools["kube-apiserver"], args, env: SMALL_HEAP };
}

/** Port 0: no port at all. There is one of each, so nothing to elect. */
const ALONE = ["--secure-port=0", "--leader-elect=false", "--profiling=false"];

/** Client limits far above what one machine does, so that nothing waits for its turn. */
const FAST = ["--kube-api-qps=500", "--kube-api-burst=1000"];

export function controllerManagerPart(tools: ClusterTools, paths: ClusterPaths): PartSpec {
  const args = [
    ...[`--kubeconfig=${paths.innerKubeconfig}`, ...ALONE, ...FAST],
    ...[`--controllers=${CONTROLLERS.join(",")}`, `--root-ca-file=${paths.certificate}`],
    `--service-account-private-key-file=${paths.serviceAccountKey}`,
  ];
  return { command: tools["kube-controller-manager"], args, env: SMALL_HEAP };
}

export function schedulerPart(tools: ClusterTools, paths: ClusterPaths): PartSpec {
  const args = [`--kubeconfig=${paths.innerKubeconfig}`, ...ALONE, ...FAST];
  return { command: tools["kube-scheduler"], args, env: SMALL_HEAP };
}

/** Without leases: a new KWOK would wait until those of a killed one have run out, and make no pod ready before. */
export function kwokPart(tools: ClusterTools, paths: ClusterPaths, stages: readonly string[]): PartSpec {
  const args = [
    `--kubeconfig=${paths.innerKubeconfig}`,
    ...stages.map((stage) => `--config=${stage}`),
    ...["--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake", "--node-lease-duration-seconds=0"],
  ];
  return { command: tools.kwok, args, env: SMALL_HEAP };
}

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ClusterApi } from "../clusters/index.ts";
import type { ClusterInfo, KubeObject } from "../clusters/index.ts";
import { makePrivateDir, writePrivate } from "../clusters/files.ts";
import { renderKubeconfig } from "../clusters/kubeconfig.ts";
import { answers, freePort, readRecord, startService, stopService } from "../processes/index.ts";
import { FLUX_CONTROLLERS } from "../toolchain/index.ts";
import type { FluxController } from "../toolchain/index.ts";
import { besideCluster } from "./arguments.ts";
import type { FluxPorts } from "./arguments.ts";

/** Where the controllers are installed. */
export const FLUX_NAMESPACE = "flux-system";
/** How long the token of a controller's account is valid, in seconds: longer than any sandbox lives. */
const TOKEN_SECONDS = 7 * 24 * 3600;

/** What a delivery by pull needs of Flux, without webhooks and statuses. */
export const PULL_CONTROLLERS: readonly FluxController[] = ["source-controller", "kustomize-controller"];

/** The controllers that run beside a cluster. */
export interface RunningFlux {
  /** Those that run. */
  readonly controllers: readonly FluxController[];
  /** Address of notification-controller's receivers: webhooks go to a path below it. */
  readonly receiverUrl: string;
}

/**
 * Starts the controllers that are installed in a cluster as processes beside it, in place of their pods: with the
 * arguments of their Deployments, and as their service accounts, so that what these may not do they cannot do. One that
 * runs already is started again when its Deployment has other arguments now, as after an upgrade.
 *
 * @param dir the sandbox's folder
 * @param tools paths of the binaries
 * @throws when a controller is not installed, or does not start
 */
export async function startFlux(
  dir: string,
  cluster: ClusterInfo,
  tools: Readonly<Partial<Record<FluxController, string>>>,
  only: readonly FluxController[],
): Promise<RunningFlux> {
  const home = homeOf(dir, cluster);
  makePrivateDir(home);
  const ports = await settlePorts(home);
  const api = adminOf(cluster);
  await Promise.all(
    only.map((name) => startController({ dir, cluster, home, api }, name, tools[name]!, ports)),
  );
  return { controllers: only, receiverUrl: `http://127.0.0.1:${ports["notification-controller"].receiver}` };
}

/** Whether a cluster has the Deployments of controllers, so that {@link startFlux} can stand in for their pods. */
export async function isFluxInstalled(
  cluster: ClusterInfo,
  controllers: readonly FluxController[],
): Promise<boolean> {
  const api = adminOf(cluster);
  const found = await Promise.all(controllers.map((name) => deploymentOf(api, name)));
  return found.every((deployment) => deployment !== undefined);
}

/** Stops controllers as one that dies where it is: their data stay, and {@link startFlux} brings them back. */
export async function stopFlux(
  dir: string,
  { name }: Pick<ClusterInfo, "name">,
  only: readonly FluxController[] = FLUX_CONTROLLERS,
): Promise<void> {
  await Promise.all(only.map((controller) => stopService(dir, serviceName(name, controller))));
}

/** Stops controllers as an eviction does: what they had on disk is gone, and {@link startFlux} brings them back empty. */
export async function evictFlux(
  dir: string,
  cluster: Pick<ClusterInfo, "name">,
  only: readonly FluxController[],
): Promise<void> {
  await stopFlux(dir, cluster, only);
  if (only.includes("source-controller")) rmSync(storageOf(homeOf(dir, cluster)), { recursive: true });
}

/** Where source-controller keeps what it has fetched. */
const storageOf = (home: string): string => join(home, "storage");
const homeOf = (dir: string, { name }: Pick<ClusterInfo, "name">): string => join(dir, "flux", name);
const serviceName = (cluster: string, controller: FluxController): string => `${cluster}.${controller}`;

function adminOf({ apiPort, tls, tokens }: ClusterInfo): ClusterApi {
  const ca = readFileSync(tls.certificate, "utf8");
  return new ClusterApi({ server: `https://127.0.0.1:${apiPort}`, ca, token: tokens.admin });
}

type Ports = Readonly<Record<FluxController, FluxPorts>>;

/** Kept, since webhooks are registered with the receiver's address. */
async function settlePorts(home: string): Promise<Ports> {
  const path = join(home, "ports.json");
  const known = tryRead(path);
  if (known !== undefined) return JSON.parse(known) as Ports;
  const [storage, events, receiver] = [await freePort(), await freePort(), await freePort()];
  const entries: [FluxController, FluxPorts][] = [];
  for (const name of FLUX_CONTROLLERS)
    entries.push([name, { health: await freePort(), storage, events, receiver }]);
  writePrivate(path, JSON.stringify(Object.fromEntries(entries)));
  return Object.fromEntries(entries) as Ports;
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

interface Place {
  readonly dir: string;
  readonly cluster: ClusterInfo;
  readonly home: string;
  readonly api: ClusterApi;
}

async function startController(
  place: Place,
  name: FluxController,
  command: string,
  ports: Ports,
): Promise<void> {
  const { dir, cluster, home, api } = place;
  const storage = storageOf(home);
  const temporary = join(home, `${name}.tmp`);
  makePrivateDir(storage);
  makePrivateDir(temporary);
  const args = besideCluster(name, await installedArguments(api, name), { ports: ports[name], storage });
  const kubeconfig = join(home, `${name}.kubeconfig`);
  writePrivate(kubeconfig, await accountKubeconfig(cluster, api, name));
  const service = serviceName(cluster.name, name);
  await stopOutdated(dir, service, [command, ...args]);
  await startService(dir, {
    name: service,
    command,
    args,
    env: {
      KUBECONFIG: kubeconfig,
      RUNTIME_NAMESPACE: FLUX_NAMESPACE,
      HOME: home,
      TMPDIR: temporary,
      GOGC: "50",
    },
    ready: () => answers(`http://127.0.0.1:${ports[name].health}/readyz`),
  });
}

/** An upgrade rolls the pods; one that runs with other arguments than the installed ones is an old pod. */
async function stopOutdated(dir: string, service: string, wanted: readonly string[]): Promise<void> {
  const running = readRecord(dir, service)?.command;
  if (running !== undefined && running.join("\0") !== wanted.join("\0")) await stopService(dir, service);
}

interface Workload extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly { readonly args?: readonly string[] }[];
      };
    };
  };
}

async function deploymentOf(api: ClusterApi, name: FluxController): Promise<Workload | undefined> {
  const metadata = { name, namespace: FLUX_NAMESPACE };
  return api.get<Workload>({ apiVersion: "apps/v1", kind: "Deployment", metadata });
}

async function installedArguments(api: ClusterApi, name: FluxController): Promise<readonly string[]> {
  const found = await deploymentOf(api, name);
  if (found === undefined) throw new Error(`${name} is not installed in this cluster; install Flux first.`);
  return found.spec.template.spec.containers[0]?.args ?? [];
}

/** A kubeconfig with a token of the controller's own account, as its pod would have. */
async function accountKubeconfig(cluster: ClusterInfo, api: ClusterApi, account: string): Promise<string> {
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: TOKEN_SECONDS },
  };
  const path = `/api/v1/namespaces/${FLUX_NAMESPACE}/serviceaccounts/${account}/token`;
  const answer = await api.send({ method: "POST", path, body });
  if (answer.status !== 201) throw new Error(`No token for ${account}: ${answer.text}`);
  const { status } = JSON.parse(answer.text) as { status: { token: string } };
  const ca = readFileSync(cluster.tls.certificate, "utf8");
  const server = `https://127.0.0.1:${cluster.apiPort}`;
  return renderKubeconfig([{ name: cluster.name, server, ca, user: account, token: status.token }]);
}

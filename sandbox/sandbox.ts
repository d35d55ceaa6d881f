import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { lock } from "proper-lockfile";
import { mergedKubeconfig, startClusters, stopClusters } from "./clusters/index.ts";
import { startGitServer } from "./git/index.ts";
import {
  cleanUpBuildkitd,
  cleanUpDockerd,
  startBuildkitd,
  startDockerd,
  startRegistry,
} from "./images/index.ts";
import type { Registry, RegistryOptions } from "./images/index.ts";
import { writeInfo } from "./info.ts";
import type { SandboxInfo } from "./info.ts";
import { sandboxDir } from "./paths.ts";
import { stopAllServices } from "./processes/index.ts";
import { startProxy } from "./proxy/index.ts";
import { linkTo } from "./pulumi/files.ts";
import { preparePulumiHome } from "./pulumi/index.ts";
import { ensureTools } from "./toolchain/index.ts";
import type { ToolName, Tools } from "./toolchain/index.ts";

/** The clusters of the reference pipeline; a longer list goes on with `cluster-4`. */
export const DEFAULT_CLUSTERS: readonly string[] = ["dev-1", "eu-1", "us-1"];
/** Name of a sandbox when none is given. */
export const DEFAULT_NAME = "demo";

const TOOLS: readonly ToolName[] = [
  ...([
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
    "kubectl",
    "helm",
  ] as const),
  ...([
    "pulumi",
    "pulumi-resource-kubernetes",
    "pulumi-resource-github",
    "pulumi-resource-docker-build",
  ] as const),
  ...(["buildkitd", "runc", "docker-registry"] as const),
];
const DOCKER_TOOLS: readonly ToolName[] = ["docker", "dockerd"];

/** A lock that was not renewed for `stale` milliseconds is nobody's any more. */
const LOCK = { stale: 10_000, update: 2_000, retries: { retries: 120, minTimeout: 500, maxTimeout: 1_000 } };

export interface SandboxOptions {
  /** Sandboxes of different names do not meet. @default {@link DEFAULT_NAME} */
  readonly name?: string;
  /** @default {@link DEFAULT_CLUSTERS} */
  readonly clusters?: readonly string[];
  /** How the registry knows its users. @default "none" */
  readonly registryAuth?: RegistryOptions["auth"];
  /** Whether a Docker Engine is there, too. @default false */
  readonly docker?: boolean;
  /** What else is made in the same go, for parts that are started later. @default nothing */
  readonly tools?: readonly ToolName[];
  /** Gets a line when a part is up. @default nothing is said */
  readonly onStep?: (line: string) => void;
}

/** The first `count` names of clusters. */
export function clusterNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => DEFAULT_CLUSTERS[index] ?? `cluster-${index + 1}`);
}

/**
 * Brings a sandbox up, with all that it had before; what runs is kept as it is.
 *
 * @throws when a tool cannot be made or a part does not start; what did start goes on, and a next call continues.
 */
export async function upSandbox(options: SandboxOptions = {}): Promise<SandboxInfo> {
  const name = options.name ?? DEFAULT_NAME;
  const more = [...(options.docker === true ? DOCKER_TOOLS : []), ...(options.tools ?? [])];
  const tools = await ensureTools([...TOOLS, ...more]);
  const dir = sandboxDir(name);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return locked(dir, async () => {
    const info = await startParts(name, dir, tools, options);
    writeInfo(info);
    return info;
  });
}

async function startParts(
  name: string,
  dir: string,
  tools: Tools,
  options: SandboxOptions,
): Promise<SandboxInfo> {
  const step = timed(options.onStep);
  const names = options.clusters ?? DEFAULT_CLUSTERS;
  // Before the others: both the clusters and the registry open routes in it.
  await startProxy(dir);
  const routed = { proxy: (routes: Parameters<typeof startProxy>[1]) => startProxy(dir, routes) };
  const [clusters, git, images] = await Promise.all([
    step(`${names.length} clusters`, startClusters(dir, tools, names, routed)),
    step("Git server", startGitServer(dir)),
    startImageParts(dir, tools, options),
  ]);
  const home = await step("Pulumi home", preparePulumiHome(dir, tools));
  const kubeconfig = mergedKubeconfig(dir);
  const path = [linkTools(dir, tools), home.env["PATH"]].join(delimiter);
  const own = { PATH: path, KUBECONFIG: kubeconfig };
  const ownGit = { DELIVERY_GIT_TOKEN: git.token, DELIVERY_SANDBOX_GIT_URL: git.url };
  const env = { ...home.env, ...images.env, ...own, ...ownGit };
  return { name, dir, clusters, kubeconfig, git, ...images, env };
}

type ImageParts = Pick<SandboxInfo, "registry" | "builder" | "dockerHost" | "env">;

/** The registry first: the builders are told its address when they start. */
async function startImageParts(dir: string, tools: Tools, options: SandboxOptions): Promise<ImageParts> {
  const step = timed(options.onStep);
  const auth = options.registryAuth ?? "none";
  const registry = await step("registry", startRegistry(dir, tools, { name: "registry", auth }));
  const insecureRegistries = [registry.address];
  const buildkit = await step("BuildKit", startBuildkitd(dir, tools, { insecureRegistries }));
  const env = {
    BUILDX_CONFIG: buildkit.buildxConfig,
    DELIVERY_SANDBOX_REGISTRY: registry.address,
    ...dockerLogin(dir, registry),
  };
  if (options.docker !== true) return { registry, builder: buildkit.builder, env };
  const { host } = await step("Docker Engine", startDockerd(dir, tools, { insecureRegistries }));
  return { registry, builder: buildkit.builder, dockerHost: host, env: { ...env, DOCKER_HOST: host } };
}

/** What `docker login` would have left for a registry that asks for one, for whoever reads Docker's configuration. */
function dockerLogin(dir: string, { address, credentials }: Registry): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  const folder = join(dir, "docker-config");
  const auth = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const text = JSON.stringify({ auths: { [address]: { auth } } });
  writeFileSync(join(folder, "config.json"), text, { mode: 0o600 });
  return { DOCKER_CONFIG: folder };
}

/** kubectl and helm under their own names, to be found on PATH. */
function linkTools(dir: string, { kubectl, helm }: Tools): string {
  const bin = join(dir, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, path] of Object.entries({ kubectl, helm })) {
    linkTo(join(bin, name), path);
  }
  return bin;
}

type Step = <T>(what: string, work: Promise<T>) => Promise<T>;

/** Says what is up, and how long it took. */
function timed(onStep: SandboxOptions["onStep"]): Step {
  return async (what, work) => {
    const begun = performance.now();
    const result = await work;
    onStep?.(`${what} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    return result;
  };
}

/** Stops a sandbox and removes all that it kept. One that is not there is no error. */
export async function downSandbox(name: string): Promise<void> {
  const dir = sandboxDir(name);
  if (!existsSync(dir)) return;
  await locked(dir, async () => {
    await stopClusters(dir);
    await stopAllServices(dir);
    await cleanUpBuildkitd(dir);
    await cleanUpDockerd(dir);
  });
  rmSync(dir, { recursive: true, force: true });
  removeIfEmpty(dirname(dir));
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** One `up` or `down` of a sandbox at a time; a lock that a killed run left is taken over after some seconds. */
async function locked<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const release = await lock(dir, LOCK);
  try {
    return await work();
  } finally {
    await release();
  }
}

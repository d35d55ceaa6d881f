import { join } from "node:path";
import { isAlive, readRecord } from "../processes/index.ts";
import { cgroupName, removeCgroups } from "./cgroups.ts";
import { startConfigured } from "./configured.ts";
import { contained, pathWith } from "./contained.ts";
import { askEngine, engineVersion } from "./engine-api.ts";
import { findEngine } from "./existing-engine.ts";

/** Where an engine listens unless it was told otherwise. */
export const DEFAULT_DOCKER_HOST = "unix:///var/run/docker.sock";
const SERVICE = "dockerd";
const ENGINE = "docker";
const SHUTDOWN_SECONDS = 5;

export interface DockerOptions {
  /** `HOST:PORT` of registries that speak plain HTTP. */
  readonly insecureRegistries: readonly string[];
  /**
   * The engine that is used when it answers and can push to these registries.
   *
   * @default `DOCKER_HOST`, else {@link DEFAULT_DOCKER_HOST}
   */
  readonly existing?: string;
}

/** A Docker Engine that can be used. */
export interface Dockerd {
  /** To be set as `DOCKER_HOST`. */
  readonly host: string;
  readonly version: string;
  /** Whether it belongs to the sandbox. */
  readonly own: boolean;
}

/**
 * Finds the machine's Docker Engine, or starts one of the sandbox, which keeps its images. In the latter
 * containers and `RUN` have no network of their own: give `--network host` or `none`.
 *
 * @param dir the sandbox's folder
 * @throws when none is there and none can be started; that needs root
 */
export async function startDockerd(
  dir: string,
  tools: { readonly dockerd: string; readonly runc: string },
  options: DockerOptions,
): Promise<Dockerd> {
  const known = readRecord(dir, SERVICE);
  if (known === undefined || !isAlive(known)) {
    const host = options.existing ?? process.env["DOCKER_HOST"] ?? DEFAULT_DOCKER_HOST;
    const found = await findEngine(host, options.insecureRegistries);
    if (found !== undefined) return { ...found, own: false };
  }
  return startOwn(dir, tools, options.insecureRegistries);
}

async function startOwn(
  dir: string,
  tools: { readonly dockerd: string; readonly runc: string },
  insecureRegistries: readonly string[],
): Promise<Dockerd> {
  const home = join(dir, ENGINE);
  const socketPath = join(home, "docker.sock");
  const path = join(home, "daemon.json");
  const settings = {
    "insecure-registries": insecureRegistries,
    "cgroup-parent": `/${cgroupName(dir, ENGINE)}`,
  };
  await startConfigured(dir, {
    name: SERVICE,
    ...contained(home, tools.dockerd, engineArguments(home, socketPath, path)),
    env: { PATH: pathWith(tools.dockerd, tools.runc), HOME: home },
    ready: async () => (await askEngine({ socketPath }, "GET", "/_ping")).status === 200,
    config: { path, content: JSON.stringify(settings, null, 2) },
  });
  const { version } = await engineVersion({ socketPath });
  return { host: `unix://${socketPath}`, version, own: true };
}

/** State of a run is below `/run`, which is the engine's own and new at each start: nothing stale is found there. */
function engineArguments(home: string, socketPath: string, config: string): string[] {
  return [
    ...["--config-file", config, "--data-root", join(home, "data"), "--host", `unix://${socketPath}`],
    ...["--exec-root", "/run/sandbox-docker", "--pidfile", "/run/sandbox-docker.pid", "--group", "root"],
    ...["--iptables=false", "--ip6tables=false", "--bridge=none"],
    ...["--shutdown-timeout", String(SHUTDOWN_SECONDS)],
  ];
}

/** Removes what is left in the system once the sandbox's engine has ended, in whatever way: control groups. */
export async function cleanUpDockerd(dir: string): Promise<void> {
  await removeCgroups(cgroupName(dir, ENGINE));
}

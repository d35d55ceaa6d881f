import { join } from "node:path";
import { accepts } from "../processes/index.ts";
import { renderBuildkitdConfig } from "./buildkitd-config.ts";
import { cgroupName, removeCgroups } from "./cgroups.ts";
import { startConfigured } from "./configured.ts";
import { contained, pathWith } from "./contained.ts";
import { writePrivate } from "./files.ts";

/** The builder's name for `BUILDX_CONFIG`. */
export const BUILDER = "sandbox";
const ENGINE = "buildkit";

export interface BuildOptions {
  /** `HOST:PORT` of registries that speak plain HTTP. */
  readonly insecureRegistries: readonly string[];
}

/** A BuildKit daemon that can be used. */
export interface Buildkitd {
  /** `unix://…` */
  readonly address: string;
  /** For `builder: { name }` of `@pulumi/docker-build`, with {@link buildxConfig}. */
  readonly builder: string;
  /** To be set as `BUILDX_CONFIG`. */
  readonly buildxConfig: string;
}

/**
 * Starts BuildKit, or restarts a running one that was started with other registries. It keeps its cache.
 * Images must be `FROM scratch` or from a registry that can be reached; `RUN` uses the machine's network.
 *
 * @param dir the sandbox's folder
 * @throws when it does not start; it needs root
 */
export async function startBuildkitd(
  dir: string,
  tools: { readonly buildkitd: string; readonly runc: string },
  options: BuildOptions,
): Promise<Buildkitd> {
  const home = join(dir, "buildkit");
  const socket = join(home, "buildkitd.sock");
  const path = join(home, "buildkitd.toml");
  const cgroup = cgroupName(dir, ENGINE);
  const settings = { root: join(home, "root"), socket, runc: tools.runc, cgroup, ...options };
  await startConfigured(dir, {
    name: "buildkitd",
    ...contained(home, tools.buildkitd, ["--config", path]),
    env: { PATH: pathWith(tools.runc), HOME: home },
    ready: () => accepts(socket),
    config: { path, content: renderBuildkitdConfig(settings) },
  });
  const address = `unix://${socket}`;
  return { address, builder: BUILDER, buildxConfig: writeBuildxConfig(dir, address) };
}

/** A builder as `docker buildx create --driver remote` would keep it. */
function writeBuildxConfig(dir: string, address: string): string {
  const config = join(dir, "buildx");
  const nodes = [{ Name: `${BUILDER}0`, Endpoint: address }];
  const instance = { Name: BUILDER, Driver: "remote", Nodes: nodes, Dynamic: false };
  writePrivate(join(config, "instances", BUILDER), JSON.stringify(instance));
  return config;
}

/** Removes what is left in the system once BuildKit has ended, in whatever way: control groups. */
export async function cleanUpBuildkitd(dir: string): Promise<void> {
  await removeCgroups(cgroupName(dir, ENGINE));
}

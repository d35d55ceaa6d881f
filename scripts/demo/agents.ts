import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentSettings } from "pulumi-delivery";
import { writePrivate } from "../../sandbox/clusters/files.ts";
import { PULL_CONTROLLERS, startFlux, writeFluxManifests } from "../../sandbox/flux/index.ts";
import { addIdentity } from "../../sandbox/git/index.ts";
import type { SandboxInfo } from "../../sandbox/info.ts";
import { ensureTools, FLUX_VERSION } from "../../sandbox/toolchain/index.ts";

const READER = "flux";

/** What the stack `agents` is to install: the manifests of Flux, as they are published, in a file of the sandbox. */
export async function agentSettings({ dir }: SandboxInfo): Promise<AgentSettings> {
  const { kubectl } = await ensureTools(["kubectl"]);
  const path = await writeFluxManifests(dir, kubectl, PULL_CONTROLLERS);
  return { version: FLUX_VERSION, manifests: { path }, components: [...PULL_CONTROLLERS] };
}

/** A token that may read the repository and nothing else: the same one in every run. */
export async function readToken({ dir, git }: SandboxInfo, repository: string): Promise<string> {
  const path = join(dir, "demo-read-token");
  if (existsSync(path)) return readFileSync(path, "utf8");
  const access = { [`${git.organization}/${repository}`]: "read" } as const;
  const { token } = await addIdentity(git, { login: READER, access });
  writePrivate(path, token);
  return token;
}

/** Starts the controllers beside each of the clusters, in place of their pods, which KWOK only fakes. */
export async function startAgents({ dir, clusters }: SandboxInfo, names: readonly string[]): Promise<void> {
  const tools = await ensureTools(PULL_CONTROLLERS);
  const pulled = clusters.filter(({ name }) => names.includes(name));
  await Promise.all(pulled.map((cluster) => startFlux(dir, cluster, tools, PULL_CONTROLLERS)));
}

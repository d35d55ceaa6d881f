import { startFlux, writeFluxManifests } from "../../../../sandbox/flux/index.ts";
import type { SandboxInfo } from "../../../../sandbox/info.ts";
import { ensureTools, FLUX_VERSION } from "../../../../sandbox/toolchain/index.ts";
import type { FluxController } from "../../../../sandbox/toolchain/index.ts";
import { Project } from "../../../support/project.ts";

/** Flux as the library installs it, in every cluster, running beside each. Returns where each takes webhooks. */
export async function installFlux(
  sandbox: SandboxInfo,
  controllers: readonly FluxController[],
): Promise<readonly string[]> {
  const tools = await ensureTools([...controllers, "kubectl"]);
  const path = await writeFluxManifests(sandbox.dir, tools.kubectl, controllers);
  const project = new Project(sandbox);
  await project.program(`
    const { FluxAgent } = require("pulumi-delivery");
    for (const name of ${JSON.stringify(sandbox.clusters.map(({ name }) => name))}) {
      new FluxAgent(name, {
        cluster: { name, context: name }, version: "${FLUX_VERSION}",
        manifests: { path: ${JSON.stringify(path)} }, components: ${JSON.stringify(controllers)},
      });
    }`);
  await project.up();
  project.remove();
  const running = sandbox.clusters.map((cluster) => startFlux(sandbox.dir, cluster, tools, controllers));
  return (await Promise.all(running)).map(({ receiverUrl }) => receiverUrl);
}

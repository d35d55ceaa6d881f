import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { buildCommand, buildEnvironment, pushedDigest } from "./commands.ts";
import { withLogin } from "./credentials.ts";
import { runDocker } from "./docker.ts";
import type { DockerClient } from "./docker.ts";
import type { Image } from "./image.ts";
import type { Properties } from "./properties.ts";
import { readImageName } from "./reference.ts";

/**
 * Builds the image, pushes it unless told not to, and returns the outputs of the resource.
 *
 * @throws when building or pushing fails, or the registry did not say a digest.
 */
export async function buildImage(client: DockerClient, image: Image, push: boolean): Promise<Properties> {
  const server = image.registry.server || readImageName(image.name).registry || "";
  const { username, password } = image.registry;
  const repoDigest =
    username !== "" && password !== ""
      ? await withLogin({ server, username, password }, (DOCKER_CONFIG) =>
          buildAndPush(client, image, { push, env: { DOCKER_CONFIG } }),
        )
      : await buildAndPush(client, image, { push, env: {} });
  return {
    baseImageName: image.name,
    context: image.context,
    dockerfile: relative(resolve(image.context), resolve(image.dockerfile)),
    imageName: image.name,
    platform: image.platform,
    registryServer: image.registry.server,
    repoDigest,
  };
}

interface Settings {
  readonly push: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/** Returns the reference by digest of what was pushed, or the image's id when nothing was. */
async function buildAndPush(client: DockerClient, image: Image, settings: Settings): Promise<string> {
  const imageId = await build(client, image, settings.env);
  if (!settings.push) return imageId;
  const output = await runDocker(client, ["push", image.name], settings.env);
  const digest = pushedDigest(output);
  if (digest === undefined)
    throw new Error(`docker push ${image.name} ended without naming a digest:\n${output}`);
  return `${readImageName(image.name).repository}@${digest}`;
}

async function build(client: DockerClient, image: Image, env: Settings["env"]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "delivery-image-"));
  try {
    const idFile = join(folder, "id");
    await runDocker(client, buildCommand(image, idFile), { ...buildEnvironment(image), ...env });
    return readFileSync(idFile, "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

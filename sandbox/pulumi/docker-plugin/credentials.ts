import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { RegistryLogin } from "./image.ts";
import { credentialsKey } from "./reference.ts";

/** What is read and written of Docker's config.json. */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, unknown>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

const folders = new Set<string>();

// However this process ends in good order, no password stays behind.
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Does something with a Docker configuration folder that holds this login besides what the user's own has.
 * The folder is private to the user and is deleted afterwards.
 */
export async function withLogin<Result>(
  login: RegistryLogin,
  use: (configFolder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "delivery-docker-"));
  folders.add(folder);
  try {
    const config = addLogin(readOwnConfig(), login);
    writeFileSync(join(folder, "config.json"), JSON.stringify(config), { mode: 0o600 });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

/** An empty helper for the registry makes the client read the file for it, also where a helper serves all others. */
export function addLogin(own: DockerConfig, login: RegistryLogin): DockerConfig {
  const key = credentialsKey(login.server);
  const auth = Buffer.from(`${login.username}:${login.password}`).toString("base64");
  return {
    ...own,
    auths: { ...own.auths, [key]: { auth } },
    credHelpers: { ...own.credHelpers, [key]: "" },
  };
}

function readOwnConfig(): DockerConfig {
  const folder = process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  try {
    return JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as DockerConfig;
  } catch {
    return {};
  }
}

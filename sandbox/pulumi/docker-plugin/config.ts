import { asString } from "./properties.ts";
import type { Properties } from "./properties.ts";
import type { Problem } from "./inputs.ts";

/** Where a Docker Engine listens when nothing else is said. */
export const DEFAULT_HOST = "unix:///var/run/docker.sock";

const NOT_HERE = ["caMaterial", "certMaterial", "certPath", "keyMaterial", "sshOpts"];

/** Settings of the official provider that the stand-in does not have. */
export function checkConfig(config: Properties): Problem[] {
  return NOT_HERE.filter((property) => config[property] !== undefined).map((property) => ({
    property,
    reason: "the sandbox's stand-in for the docker plugin does not have this setting; leave it out",
  }));
}

/** The provider's own host, else DOCKER_HOST, else Docker's default. Contexts of the Docker client do not count. */
export function resolveHost(
  config: Properties,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return asString(config["host"]) || env["DOCKER_HOST"] || DEFAULT_HOST;
}

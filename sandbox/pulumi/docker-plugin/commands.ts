import { resolve } from "node:path";
import type { Image } from "./image.ts";

/**
 * Build arguments by these names would change what the Docker client itself does if they were in its
 * environment. Their values are paths and switches, so they may be on the command line.
 */
const READ_BY_THE_CLIENT =
  /^(PATH|HOME|TMPDIR|LD_.*|GO.*|SSL_.*|SSH_.*|XDG_.*|DOCKER_.*|BUILDKIT_.*|BUILDX_.*|.*_PROXY)$/i;

/** The arguments of `docker build`. Values of build arguments are in {@link buildEnvironment}, where no other user sees them. */
export function buildCommand(image: Image, imageIdFile: string): string[] {
  const flags: [string, string][] = [
    ["tag", image.name],
    ["file", resolve(image.dockerfile)],
    ["iidfile", imageIdFile],
    ["platform", image.platform],
    ["target", image.target],
    ["network", image.network],
    ["progress", image.buildkit === "1" ? "plain" : ""],
    ...image.addHosts.map((host): [string, string] => ["add-host", host]),
    ...image.cacheFrom.map((from): [string, string] => ["cache-from", from]),
    ...Object.entries(image.args).map(([name, value]): [string, string] => [
      "build-arg",
      READ_BY_THE_CLIENT.test(name) ? `${name}=${value}` : name,
    ]),
  ];
  const given = flags.filter(([, value]) => value !== "").map(([name, value]) => `--${name}=${value}`);
  return ["build", ...given, resolve(image.context)];
}

/** What `docker build` gets by its environment. */
export function buildEnvironment(image: Image): Record<string, string> {
  const args = Object.entries(image.args).filter(([name]) => !READ_BY_THE_CLIENT.test(name));
  return { ...Object.fromEntries(args), DOCKER_BUILDKIT: image.buildkit };
}

/** The digest that `docker push` says it has pushed; undefined when it says none. */
export function pushedDigest(output: string): string | undefined {
  return /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(output)?.[1];
}

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { linkTo, nodeLauncher, writeWhole } from "./files.ts";
import { locateOfficialPlugin } from "./official.ts";
import { readPluginVersions } from "./plugin-versions.ts";
import { checkPlugin, checkStandIn, DOCKER_SDK, ENGINE_SDK, PROVIDERS, sdkVersion } from "./plugins.ts";
import type { Provider } from "./plugins.ts";

/** The tools of a Pulumi home. A plugin is laid out when its tool is given; `docker` brings the stand-in. */
export type PulumiTools = { readonly pulumi: string } & {
  readonly [tool in Provider["tool"] | "docker"]?: string;
};

/** A plugin in the home: where it was taken from, and what it is. */
export interface LaidOutPlugin {
  readonly name: string;
  readonly version: string;
  readonly origin: "real" | "stand-in";
  /** The file in the plugins folder. */
  readonly path: string;
}

export interface PulumiHome {
  /** `PULUMI_HOME`. */
  readonly home: string;
  /** Has `pulumi` and `node`. */
  readonly bin: string;
  /** The state of all stacks, as the engine's own file backend keeps it. */
  readonly backendUrl: string;
  readonly plugins: readonly LaidOutPlugin[];
  /** What a `pulumi` call needs on top of any environment, also from programs outside the sandbox. */
  readonly env: Readonly<Record<string, string>>;
}

const PASSPHRASE_BYTES = 32;
const LANGUAGE_HOST = join(import.meta.dirname, "language-host", "main.ts");
const DYNAMIC_PROVIDER = join(import.meta.dirname, "dynamic-provider.ts");
const DOCKER_STAND_IN = join(import.meta.dirname, "docker-plugin", "main.ts");

/**
 * Lays out a Pulumi home of its own in the sandbox: plugins, the Node.js language host, a file backend and a
 * passphrase. Doing it again changes nothing that is in use; state and passphrase stay.
 *
 * @param dir the sandbox's folder; gets `pulumi-home`, `pulumi-state` and `pulumi-passphrase`.
 * @throws when a plugin is of another version than the installed SDK, with all such plugins at once.
 */
export async function preparePulumiHome(dir: string, tools: PulumiTools): Promise<PulumiHome> {
  const home = join(dir, "pulumi-home");
  const bin = join(home, "bin");
  const state = join(dir, "pulumi-state");
  for (const folder of [bin, state]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  await assertVersions(home, tools);
  linkTo(join(bin, "pulumi"), tools.pulumi);
  linkTo(join(bin, "node"), process.execPath);
  layOutLanguage(home);
  const plugins = [...layOutProviders(home, tools), ...layOutDocker(home, tools)];
  const backendUrl = `file://${state}`;
  const env = {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: backendUrl,
    PULUMI_CONFIG_PASSPHRASE: passphrase(join(dir, "pulumi-passphrase")),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PATH: [bin, ...pathWithout(bin)].join(delimiter),
  };
  return { home, bin, backendUrl, plugins, env };
}

async function assertVersions(home: string, tools: PulumiTools): Promise<void> {
  const given = PROVIDERS.flatMap((provider) => {
    const path = tools[provider.tool];
    return path === undefined ? [] : [{ provider, path }];
  });
  const versions = await readPluginVersions(
    home,
    given.map(({ path }) => path),
  );
  const problems = given.flatMap(({ provider, path }, index) => checkPlugin(provider, path, versions[index]));
  if (tools.docker !== undefined && officialDocker() === undefined) problems.push(...checkStandIn());
  if (problems.length === 0) return;
  throw new Error(
    ["Pulumi's plugins and the installed SDKs do not fit together:", ...problems].join("\n  - "),
  );
}

/**
 * The language host and the provider of dynamic resources go where the engine looks last: beside the engine or
 * on PATH, Pulumi's own are found before them, and unlike there, the engine has nothing to warn about.
 */
function layOutLanguage(home: string): void {
  const version = sdkVersion(ENGINE_SDK);
  const host = join(home, "plugins", `language-nodejs-v${version}`, "pulumi-language-nodejs");
  writeLauncher(home, host, LANGUAGE_HOST);
  writeLauncher(home, pluginPath(home, "pulumi-nodejs", version), DYNAMIC_PROVIDER);
}

/** Node and ts-node keep what they have compiled in the home: that halves a start. Programs inherit it. */
function writeLauncher(home: string, path: string, file: string, args: readonly string[] = []): void {
  const env = {
    NODE_COMPILE_CACHE: join(home, "node-cache"),
    TS_NODE_CACHE_DIRECTORY: join(home, "ts-node-cache"),
  };
  writeWhole(path, nodeLauncher(file, args, env), 0o755);
}

function layOutProviders(home: string, tools: PulumiTools): LaidOutPlugin[] {
  return PROVIDERS.flatMap(({ name, sdk, tool }) => {
    const target = tools[tool];
    return target === undefined ? [] : [layOutReal(home, { name, version: sdkVersion(sdk), target })];
  });
}

function layOutDocker(home: string, tools: PulumiTools): LaidOutPlugin[] {
  const version = sdkVersion(DOCKER_SDK);
  const official = officialDocker();
  if (official !== undefined) return [layOutReal(home, { name: "docker", version, target: official })];
  if (tools.docker === undefined) return [];
  const path = pluginPath(home, "docker", version);
  writeLauncher(home, path, DOCKER_STAND_IN, ["--docker", tools.docker]);
  return [{ name: "docker", version, origin: "stand-in", path }];
}

function layOutReal(
  home: string,
  plugin: { readonly name: string; readonly version: string; readonly target: string },
): LaidOutPlugin {
  const path = pluginPath(home, plugin.name, plugin.version);
  linkTo(path, plugin.target);
  return { name: plugin.name, version: plugin.version, origin: "real", path };
}

function officialDocker(): string | undefined {
  return locateOfficialPlugin("docker", sdkVersion(DOCKER_SDK));
}

function pluginPath(home: string, name: string, version: string): string {
  return join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}

/** Random, made once in the life of the sandbox: without it the secrets in its state cannot be read again. */
function passphrase(path: string): string {
  if (!existsSync(path)) writeWhole(path, randomBytes(PASSPHRASE_BYTES).toString("hex"));
  return readFileSync(path, "utf8");
}

function pathWithout(bin: string): string[] {
  return (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== bin);
}

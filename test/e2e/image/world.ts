import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  cleanUpBuildkitd,
  registryRequests,
  startBuildkitd,
  startDockerd,
  startRegistry,
} from "../../../sandbox/images/index.ts";
import type { Registry } from "../../../sandbox/images/index.ts";
import { proxyControl } from "../../../sandbox/proxy/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { installLibrary } from "../ledger/library.ts";
import { RegistryClient } from "../sandbox-images/registry-client.ts";
import { makeWorld } from "../sandbox-pulumi/support.ts";
import type { Project, World } from "../sandbox-pulumi/support.ts";

export interface Login {
  readonly username: string;
  readonly password: string;
}

export type RegistryMode = "none" | "basic" | "token";

const PARTS = [
  "pulumi",
  "pulumi-resource-docker-build",
  "buildkitd",
  "runc",
  "docker-registry",
  "docker",
  "dockerd",
] as const;

/** What BuildKit and the Docker Engine push. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** The real engine, builders, plugins and registries, with the library installed as a user has it. */
export interface ImageWorld {
  readonly dir: string;
  readonly registries: Readonly<Record<RegistryMode, Registry>>;
  /** A program with one image, `web`, of the folder `app`; `args` is the source text of more arguments. */
  project(name: string, image: ImageProgram): Promise<ImageProject>;
  /** Leaves what `docker login` would leave for all programs, by address; nothing else stays. */
  logIn(logins: Readonly<Record<string, Login>>): void;
  remove(): Promise<void>;
}

export interface ImageProgram {
  /** Without the registry's host. */
  readonly repository: string;
  readonly mode: RegistryMode;
  /** Source text of the arguments beside `repository` and `context`. */
  readonly args: string;
}

export interface ImageProject extends Project {
  /** Runs `pulumi up` and returns what it printed. @throws Error when it fails */
  up(...args: string[]): Promise<string>;
  /** The image's outputs as the state has them. */
  image(): Promise<ImageOutputs>;
}

export type ImageOutputs = Readonly<Record<"ref" | "tag" | "digest" | "sourceHash", string>>;

export interface WorldOptions {
  /** Whether a Docker Engine runs, too. @default false */
  readonly engine?: boolean;
}

export async function makeImageWorld({ engine = false }: WorldOptions = {}): Promise<ImageWorld> {
  const tools = await ensureTools(PARTS);
  const registries: Partial<Record<RegistryMode, Registry>> = {};
  const world = await makeWorld(tools, async (dir) => {
    for (const auth of ["none", "basic", "token"] as const)
      registries[auth] = await startRegistry(dir, tools, { name: auth, auth });
    const insecureRegistries = Object.values(registries).map(({ address }) => address);
    const { buildxConfig } = await startBuildkitd(dir, tools, { insecureRegistries });
    const docker = engine ? await startEngine(dir, tools, insecureRegistries) : {};
    return { BUILDX_CONFIG: buildxConfig, ...docker };
  });
  installLibrary(world.dir);
  return {
    dir: world.dir,
    registries: registries as Record<RegistryMode, Registry>,
    project: (name, image) => makeProject(world, name, sourceOf(image, registries[image.mode]!)),
    logIn: (logins) => writeLogins(world.dir, logins),
    async remove() {
      await world.remove();
      await cleanUpBuildkitd(world.dir);
    },
  };
}

async function startEngine(
  dir: string,
  tools: Parameters<typeof startDockerd>[1],
  insecureRegistries: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const existing = `unix://${join(dir, "there-is-none.sock")}`;
  return { DOCKER_HOST: (await startDockerd(dir, tools, { insecureRegistries, existing })).host };
}

function sourceOf({ repository, args }: ImageProgram, { address }: Registry): string {
  return `
    const pulumi = require("@pulumi/pulumi");
    const { Image, buildkit, docker, prebuilt } = require("pulumi-delivery");
    const secret = (name) => new pulumi.Config().requireSecret(name);
    const image = new Image("web", { repository: "${address}/${repository}", context: "app", ${args} });
    for (const name of ["ref", "tag", "digest", "sourceHash"]) exports[name] = image[name];`;
}

async function makeProject(world: World, name: string, source: string): Promise<ImageProject> {
  const files = {
    "index.js": source,
    "app/Dockerfile": "FROM scratch\nCOPY hello /hello\n",
    "app/hello": name,
  };
  const project = await world.project(name, files);
  return {
    ...project,
    async up(...args) {
      const { code, output } = await project.pulumi("up", "--yes", "--skip-preview", ...args);
      if (code !== 0) throw new Error(output);
      return output;
    },
    image: async () => (await project.outputs()) as unknown as ImageOutputs,
  };
}

function writeLogins(dir: string, logins: Readonly<Record<string, Login>>): void {
  const auth = ({ username, password }: Login): string =>
    Buffer.from(`${username}:${password}`).toString("base64");
  const auths = Object.entries(logins).map(([address, login]) => [address, { auth: auth(login) }]);
  mkdirSync(join(dir, ".docker"), { recursive: true });
  writeFileSync(join(dir, ".docker", "config.json"), JSON.stringify({ auths: Object.fromEntries(auths) }));
}

/** What a registry was asked since the last look, as `PUT /v2/…`. */
export async function newRequests(dir: string, registry: Registry): Promise<string[]> {
  const requests = await registryRequests(dir, registry.name);
  await proxyControl(dir).resetCounts(registry.route);
  return requests.map(({ method, path }) => `${method} ${path}`);
}

/** Those of the requests that put an image's description in place: one for each build that is pushed. */
export function pushes(requests: readonly string[]): string[] {
  return requests.filter((request) => /^PUT \S+\/manifests\//.test(request));
}

/** Those of the requests that change anything in the registry. */
export function writes(requests: readonly string[]): string[] {
  return requests.filter((request) => !/^(?:GET|HEAD) /.test(request));
}

/** The digest that a registry has for a tag or digest, asked without our client; undefined when there is none. */
export async function digestIn(
  { url, credentials }: Registry,
  repository: string,
  reference: string,
): Promise<string | undefined> {
  const path = `/v2/${repository}/manifests/${reference}`;
  // A registry translates what it was not asked for, and then names the translation's digest.
  const { status, headers } = await new RegistryClient(url, credentials).send("HEAD", path, {
    accept: MANIFESTS,
  });
  if (status !== 200 && status !== 404) throw new Error(`${url} answered ${status} for ${repository}`);
  return status === 404 ? undefined : headers["docker-content-digest"]?.toString();
}

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { answers } from "../processes/index.ts";
import { proxyControl, startProxy } from "../proxy/index.ts";
import type { RequestRecord, Route } from "../proxy/index.ts";
import { startConfigured } from "./configured.ts";
import { htpasswdFile, keptIdentities } from "./credentials.ts";
import type { Credentials, Identities } from "./credentials.ts";
import { kept } from "./files.ts";
import { DEFAULT_PULL_LIMIT, DEFAULT_TOKEN_SECONDS, startHub } from "./hub.ts";
import type { PullLimit } from "./hub/settings.ts";
import { keptPorts } from "./ports.ts";
import { renderRegistryConfig } from "./registry-config.ts";
import type { RegistryAuth } from "./registry-config.ts";

export type RegistryOptions =
  | { readonly name: string; readonly auth: "none" }
  | { readonly name: string; readonly auth: "basic" }
  | {
      readonly name: string;
      /** As Docker Hub: tokens from a service of its own, and a limit on pulls. Everything can be pulled by anybody. */
      readonly auth: "token";
      /** How long a token is good, in seconds. @default {@link DEFAULT_TOKEN_SECONDS} */
      readonly tokenSeconds?: number;
      /** @default {@link DEFAULT_PULL_LIMIT} */
      readonly pullLimit?: PullLimit;
    };

/** A registry that can be used. Plain HTTP. */
export interface Registry {
  readonly name: string;
  /** `127.0.0.1:PORT`, as in an image's name. */
  readonly address: string;
  readonly url: string;
  /** The proxy's route before the registry: faults go there. */
  readonly route: string;
  /** The route before the token service, with `auth: "token"`. */
  readonly tokenRoute?: string;
  /** Of somebody who may push. Undefined with `auth: "none"`. */
  readonly credentials?: Credentials;
  /** Of somebody who may only pull, with `auth: "token"`. */
  readonly reader?: Credentials;
}

type Ports = Readonly<Record<"public" | "publicToken" | "limiter" | "token" | "registry", number>>;

/** What one start works with. */
interface Setting {
  readonly dir: string;
  readonly home: string;
  readonly options: RegistryOptions;
  readonly ports: Ports;
  readonly identities: Identities;
}

const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const PORTS = ["public", "publicToken", "limiter", "token", "registry"] as const;
const routeOf = (name: string): string => `registry.${name}`;
const tokenRouteOf = (name: string): string => `registry.${name}.token`;

/**
 * Starts a registry, or makes a running one follow these options. It keeps its address, its passwords and its
 * images. Requests go through the sandbox's proxy, which counts them and can break them.
 *
 * @param dir the sandbox's folder
 * @throws when the name is malformed, or a part does not start
 */
export async function startRegistry(
  dir: string,
  tools: { readonly "docker-registry": string },
  options: RegistryOptions,
): Promise<Registry> {
  const { name } = options;
  if (!NAME.test(name))
    throw new Error(`Registry name ${JSON.stringify(name)}: use 1 to 32 of a-z, 0-9 and "-".`);
  const home = join(dir, "registry", name);
  const ports = await keptPorts(join(home, "ports.json"), PORTS);
  const setting = { dir, home, options, ports, identities: await keptIdentities(home) };
  const auth = await startAuth(setting);
  await startServer(setting, tools["docker-registry"], auth);
  await startProxy(dir, routesOf(setting));
  return registryOf(setting);
}

async function startAuth({ dir, home, options, ports, identities }: Setting): Promise<RegistryAuth> {
  switch (options.auth) {
    case "none":
      return { kind: "none" };
    case "basic":
      return { kind: "basic", htpasswd: await htpasswdFile(home, identities.owner) };
    case "token": {
      const { tokenSeconds = DEFAULT_TOKEN_SECONDS, pullLimit = DEFAULT_PULL_LIMIT } = options;
      const name = `token-service-${options.name}`;
      const issuer = await startHub(dir, { name, home, ports, identities, tokenSeconds, pullLimit });
      return { kind: "token", realm: `http://127.0.0.1:${ports.publicToken}/token`, ...issuer };
    }
    default:
      return options satisfies never;
  }
}

async function startServer(setting: Setting, command: string, auth: RegistryAuth): Promise<void> {
  const { dir, home, options, ports } = setting;
  const path = join(home, "config.yml");
  const secret = await kept(join(home, "secret.json"), () => randomBytes(24).toString("hex"));
  const content = renderRegistryConfig({ port: ports.registry, data: join(home, "data"), secret, auth });
  await startConfigured(dir, {
    name: `registry-${options.name}`,
    command,
    args: ["serve", path],
    env: { OTEL_TRACES_EXPORTER: "none" },
    cwd: home,
    ready: () => answers(`http://127.0.0.1:${ports.registry}/v2/`),
    config: { path, content },
  });
}

function routesOf({ options, ports }: Setting): Route[] {
  const isToken = options.auth === "token";
  const target = isToken ? ports.limiter : ports.registry;
  const route = (name: string, listenPort: number, targetPort: number): Route => ({
    name,
    listenPort,
    targetPort,
    reads: "requests",
  });
  const first = route(routeOf(options.name), ports.public, target);
  return isToken ? [first, route(tokenRouteOf(options.name), ports.publicToken, ports.token)] : [first];
}

function registryOf({ options, ports, identities }: Setting): Registry {
  const address = `127.0.0.1:${ports.public}`;
  const { owner: credentials, reader } = identities;
  const registry = { name: options.name, address, url: `http://${address}`, route: routeOf(options.name) };
  if (options.auth === "none") return registry;
  if (options.auth === "basic") return { ...registry, credentials };
  return { ...registry, tokenRoute: tokenRouteOf(options.name), credentials, reader };
}

/**
 * The requests that a registry got since it was started or its route's counts were reset, in order.
 *
 * @throws when more came than are kept; see `resetCounts` of the proxy's control
 */
export async function registryRequests(dir: string, name: string): Promise<RequestRecord[]> {
  return proxyControl(dir).requests(routeOf(name));
}

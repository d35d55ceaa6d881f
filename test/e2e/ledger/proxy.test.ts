import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { run } from "../../../sandbox/processes/index.ts";
import type { Publication } from "../../../components/ledger/publish";
import { readLedger } from "../../../components/ledger/read";
import { HOST, startProxied } from "./forward-proxy";
import type { ProxiedServer } from "./forward-proxy";
import {
  BRANCH,
  TOKEN_VARIABLE,
  argsFor,
  commitCount,
  endWorld,
  newDeploy,
  publishIn,
  startWorld,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";

const DIGEST = `sha256:${"a".repeat(64)}`;

let world: LedgerWorld;
let git: ProxiedServer;
let images: ProxiedServer;
let registry: Server;

beforeAll(async () => {
  world = await startWorld();
  git = await startProxied(world.dir, Number(new URL(world.server.url).port));
  registry = createServer((_request, response) =>
    response.writeHead(200, { "docker-content-digest": DIGEST }).end(),
  );
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  images = await startProxied(world.dir, (registry.address() as AddressInfo).port);
});
afterAll(async () => {
  for (const server of [git, images]) server?.stop();
  registry?.closeAllConnections();
  registry?.close();
  await endWorld(world);
});
beforeEach(() => {
  git.led.length = 0;
  images.led.length = 0;
});

const files = { "clusters/eu/a.yaml": "a: 1\n" };
const pathOf = ({ repository }: Deploy): string => new URL(repository).pathname;
const environment = (more: Record<string, string>): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  [TOKEN_VARIABLE]: world.server.token,
  ...more,
});

describe("a ledger behind a proxy", () => {
  const publishTo = (deploy: Deploy, origin: string, more: Record<string, string>): Promise<Publication> => {
    const repository = `${origin}${pathOf(deploy)}`;
    const settings = environment({ SSL_CERT_FILE: git.certificate, ...more });
    return publishIn(world, argsFor({ ...deploy, repository }, files), { environment: settings });
  };

  it("is published to and read through it, by HTTPS_PROXY", async () => {
    const deploy = await newDeploy(world, "proxied");
    const made = await publishTo(deploy, `https://${HOST}`, { HTTPS_PROXY: git.proxy });
    expect(made.result).toBe("published");
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    expect(new Set(git.led)).toEqual(new Set([`${HOST}:443`]));
    const { access } = argsFor(deploy, files);
    const ledger = await readLedger(
      { repository: `https://${HOST}${pathOf(deploy)}`, branch: BRANCH, access: access! },
      { environment: environment({ SSL_CERT_FILE: git.certificate, https_proxy: git.proxy }) },
    );
    expect([...ledger.clusters.keys()]).toEqual(["eu"]);
    ledger.close();
  });

  it("is reached without it where NO_PROXY names its host", async () => {
    const deploy = await newDeploy(world, "direct");
    await publishTo(deploy, git.address, { HTTPS_PROXY: git.proxy, NO_PROXY: "127.0.0.1" });
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    expect(git.led).toEqual([]);
  });

  it("that is not there is named, and its token is in no message", async () => {
    const deploy = await newDeploy(world, "no-proxy");
    const failed = publishTo(deploy, `https://${HOST}`, { HTTPS_PROXY: "http://127.0.0.1:1" });
    const error = await failed.then(String, String);
    expect(error).toContain("127.0.0.1");
    expect(error).not.toContain(world.server.token);
  });
});

describe("a registry behind a proxy", () => {
  const findDigest = (domain: string, more: Record<string, string>): Promise<string> => {
    const library = join(CHECKOUT, "dist", "components", "image", "registry");
    const program = `
      const { httpClient, registryClient } = require(${JSON.stringify(library)});
      const client = registryClient({ send: httpClient({ environment: process.env }), credentials: async () => undefined });
      client.findDigest({ domain: ${JSON.stringify(domain)}, path: "acme/web" }, "v1").then(console.log, (error) => console.log(error.message));`;
    const settings = { NODE_EXTRA_CA_CERTS: images.certificate, ...more };
    return run(process.execPath, ["-e", program], { env: environment(settings) });
  };

  it("is asked through it, by HTTPS_PROXY", async () => {
    expect((await findDigest(HOST, { HTTPS_PROXY: images.proxy })).trim()).toBe(DIGEST);
    expect(images.led).toEqual([`${HOST}:443`]);
  });

  it("is asked without it where NO_PROXY names its host, and cannot be found without any", async () => {
    expect(await findDigest(HOST, { HTTPS_PROXY: images.proxy, NO_PROXY: HOST })).toContain(
      `${HOST} cannot be asked for acme/web`,
    );
    expect(await findDigest(HOST, {})).toContain(`${HOST} cannot be asked for acme/web`);
    expect(images.led).toEqual([]);
  });
});

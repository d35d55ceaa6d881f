import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageStore } from "../../../components/image/clients";
import { copyImage } from "../../../components/image/copy";
import { tryParseReference } from "../../../components/image/reference";
import { dockerCredentials } from "../../../components/image/registry/credentials";
import { makeRelease } from "../../../components/release";
import type { Release } from "../../../components/release";
import { hashFiles } from "../../../components/source";
import { registryRequests, startRegistry } from "../../../sandbox/images/index.ts";
import type { Registry } from "../../../sandbox/images/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { openWorld } from "../../integration/cli/engine";
import type { World } from "../../integration/cli/engine";
import { basicHeader, digestOf, RegistryClient, smallImage } from "../sandbox-images/registry-client.ts";
import type { SmallImage } from "../sandbox-images/registry-client.ts";
import { Cleanup } from "../sandbox-proxy/support.ts";

/** Two registries, one with basic authentication and one with tokens, and a project that is built for the first. */
const tools = await ensureTools(["docker-registry"]);
const cleanup = new Cleanup();
const INDEX = "application/vnd.oci.image.index.v1+json";
let dir: string;
let [build, prod] = [] as unknown as [Registry, Registry];
let world: World;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  dir = cleanup.sandbox();
  build = await startRegistry(dir, tools, { name: "build", auth: "basic" });
  prod = await startRegistry(dir, tools, { name: "prod", auth: "token" });
  world = openWorld({ registry: prod.address, repository: `${build.address}/acme/shop` });
  cleanup.add(() => world.close());
  env = { DOCKER_CONFIG: login(join(world.root, "bin", "docker"), build, prod) };
});
afterAll(() => cleanup.run());

function login(folder: string, ...registries: readonly Registry[]): string {
  mkdirSync(folder, { recursive: true });
  const auths = registries.map(({ address, credentials }) => {
    const auth = basicHeader(credentials!).slice("Basic ".length);
    return [address, { auth }] as const;
  });
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: Object.fromEntries(auths) }));
  return folder;
}

const clientOf = ({ url, credentials }: Registry): RegistryClient => new RegistryClient(url, credentials);

/** An image of two platforms, pushed with a tag of ours. */
async function pushIndex(
  tag: string,
): Promise<{ readonly digest: string; readonly platforms: SmallImage[] }> {
  const client = clientOf(build);
  const platforms = [smallImage(), smallImage()];
  for (const platform of platforms) await client.push("acme/shop", platform.digest, platform);
  const manifests = platforms.map(({ digest, manifest }, index) => ({
    ...{ mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: manifest.length },
    platform: { os: "linux", architecture: index === 0 ? "amd64" : "arm64" },
  }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  const path = `/v2/acme/shop/manifests/${tag}`;
  expect((await client.send("PUT", path, { "content-type": INDEX }, bytes)).status).toBe(201);
  return { digest: digestOf(bytes), platforms };
}

const tagsOf = async (registry: Registry): Promise<string[]> =>
  (
    (
      JSON.parse((await clientOf(registry).send("GET", "/v2/acme/shop/tags/list")).body) as {
        tags: string[] | null;
      }
    ).tags ?? []
  ).toSorted();

/** A release of that image, as the build stack says it. */
function builtOf(digest: string, text: string): Release {
  world.write("app/main.txt", text);
  const images = { shop: `${build.address}/acme/shop@${digest}` };
  const release = makeRelease("shop", {
    commit: world.commit(),
    sources: hashFiles(world.root, ["infra/**"]),
    images,
  });
  world.write("bin/built.json", JSON.stringify({ release }));
  return release;
}

describe("promotion to an environment with a registry of its own", () => {
  it("copies the image with every platform, byte for byte, before the file names it there", async () => {
    const { digest, platforms } = await pushIndex("src-one");
    const release = builtOf(digest, "one");
    await world.runWith(env, "promote", "dev", "--up");
    world.commit();
    const { code, stderr } = await world.runWith(env, "promote", "prod", "--up");
    expect([code, stderr]).toEqual([0, expect.stringContaining("3 manifests and 4 layers sent")]);
    const images = { shop: `${prod.address}/acme/shop@${digest}` };
    expect(world.config("prod")["delivery:release"]).toEqual({ ...release, images });
    world.commit();
    for (const platform of platforms)
      expect(await clientOf(prod).pull("acme/shop", platform.digest)).toEqual(platform.manifest);
    expect(await tagsOf(prod)).toEqual([release.id]);
  });

  it("sends nothing a second time", async () => {
    const before = (await registryRequests(dir, "prod")).length;
    const { stderr } = await world.runWith(env, "promote", "prod");
    expect(stderr).toContain("it was there already");
    const sent = (await registryRequests(dir, "prod")).slice(before);
    expect(sent.filter(({ method, path }) => method !== "HEAD" && path.includes("/blobs/"))).toEqual([]);
  });

  it("names the file nothing when the image is gone from where it was built", async () => {
    const release = builtOf(`sha256:${"0".repeat(64)}`, "gone");
    await world.runWith(env, "promote", "dev", "--up");
    world.commit();
    const before = readFileSync(join(world.root, "stacks/Pulumi.prod.yaml"), "utf8");
    const { code, stderr } = await world.runWith(env, "promote", "prod");
    expect([code, stderr]).toEqual([1, expect.stringContaining("no longer has sha256:0000")]);
    expect(readFileSync(join(world.root, "stacks/Pulumi.prod.yaml"), "utf8")).toBe(before);
    expect(release.id).not.toBe(world.config("prod")["delivery:release"]!["id"]);
  });

  it("takes over layers without a transfer within one registry", async () => {
    const { digest } = await pushIndex("src-mounted");
    const store = imageStore(env, dockerCredentials(env));
    const at = (path: string) => tryParseReference(`${build.address}/${path}`)!;
    const before = (await registryRequests(dir, "build")).length;
    const copy = { from: at("acme/shop"), to: at("acme/copy"), digest, tag: "copied" };
    expect(await copyImage(store, copy)).toEqual({ manifests: 3, blobs: 4 });
    const asked = (await registryRequests(dir, "build")).slice(before);
    expect(asked.filter(({ method, path }) => method === "GET" && path.includes("/blobs/"))).toEqual([]);
  });
});

describe("delivery images prune", () => {
  it("lists what nothing needs, and removes it with every platform when it is told to", async () => {
    const { platforms } = await pushIndex("src-old");
    await clientOf(build).push("acme/shop", "latest", smallImage());
    const listed = await world.runWith(env, "images", "prune");
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(/- src-mounted {2}sha256|- src-old {2}sha256/);
    expect(await tagsOf(build)).toEqual(["latest", "src-mounted", "src-old", "src-one"]);
    const pruned = await world.runWith(env, "images", "prune", "--delete", "--json");
    expect(JSON.parse(pruned.stdout)).toMatchObject({ removed: true, problems: [] });
    expect(await tagsOf(build)).toEqual(["latest", "src-one"]);
    for (const { digest } of platforms)
      expect((await clientOf(build).manifest("acme/shop", digest)).status).toBe(404);
  });

  it("leaves what clusters run whole, in every registry", async () => {
    const { images } = world.config("prod")["delivery:release"] as unknown as Release;
    const digest = images["shop"]!.split("@")[1]!;
    for (const registry of [build, prod]) {
      const index = await clientOf(registry).send("GET", `/v2/acme/shop/manifests/${digest}`, {
        accept: INDEX,
      });
      const { manifests } = JSON.parse(index.body) as { manifests: { digest: string }[] };
      for (const each of manifests) await clientOf(registry).pull("acme/shop", each.digest);
    }
  });

  it("removes nothing when it is not known what an environment is to run", async () => {
    await pushIndex("src-more");
    world.write(
      "stacks/Pulumi.prod.yaml",
      `config: { "delivery:release": { id: shop-000000000000, commit: x } }\n`,
    );
    const { code, stdout } = await world.runWith(env, "images", "prune", "--delete");
    expect([code, stdout]).toEqual([3, expect.stringContaining("the images of shop-000000000000")]);
    expect(await tagsOf(build)).toContain("src-more");
  });
});

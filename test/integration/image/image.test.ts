import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { ImageArgs } from "../../../components/image";
import { buildkit, Image, prebuilt } from "../../../components/image";
import type { FakeAnswer, FakeServer } from "../../support/image/fake-registry";
import { found, MANIFEST_DIGEST, MISSING, serve } from "../../support/image/fake-registry";
import { folderOf } from "../../support/image/folder";
import type { ObserveOptions, World } from "../../support/observe";
import { observe } from "../../support/observe";

class Token extends pulumi.CustomResource {}

const FILES = { Dockerfile: "FROM scratch\nCOPY hello /\n", hello: "hello\n" };
const TAG = /^src-[0-9a-f]{64}$/;
const OTHER = `sha256:${"e".repeat(64)}`;

/** The engine's answers of a builder that has pushed what the registry then has. */
const outputs = (): Record<string, unknown> => ({ digest: MANIFEST_DIGEST });

interface Seen {
  readonly world: World;
  readonly outputs: Record<string, unknown>;
}

/** Declares one image, against an environment without any login. */
async function declare(
  args: ImageArgs | (() => ImageArgs),
  options: ObserveOptions = { outputs },
): Promise<Seen> {
  let image: Image | undefined;
  const declared = { builder: buildkit(), environment: {} };
  const world = await observe(() => {
    image = new Image("web", { ...declared, ...(typeof args === "function" ? args() : args) });
  }, options);
  const seen: Record<string, unknown> = {};
  for (const name of ["ref", "tag", "digest", "sourceHash"] as const)
    image?.[name].apply((value) => (seen[name] = value));
  await new Promise(setImmediate);
  return { world, outputs: seen };
}

const args = ({ domain }: FakeServer): ImageArgs => ({
  repository: `${domain}/acme/web`,
  context: folderOf(FILES),
});
const built = (world: World): World =>
  world.filter(({ type, id }) => type === "docker-build:index:Image" && !id);

/** A registry that lacks every tag, and has what is asked for by digest. */
const empty = ({ path }: { path: string }): FakeAnswer => (path.includes("/sha256:") ? found() : MISSING);

describe("an image that the registry lacks", () => {
  it("is built once, by a resource below it with its name", async () => {
    const { world, outputs: seen } = await declare(args(await serve(empty)));
    expect(world.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "delivery:image:Image web",
      "docker-build:index:Image web",
    ]);
    expect(built(world)).toHaveLength(1);
    expect(seen.tag).toMatch(TAG);
    expect(built(world)[0]?.inputs.tags).toEqual([expect.stringContaining(`/acme/web:${String(seen.tag)}`)]);
  });

  it("is referred to by digest, in the repository that was named", async () => {
    const server = await serve(empty);
    const { outputs: seen } = await declare(args(server));
    expect(seen).toEqual({
      ref: `${server.domain}/acme/web@${MANIFEST_DIGEST}`,
      digest: MANIFEST_DIGEST,
      tag: `src-${String(seen.sourceHash)}`,
      sourceHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it("shows its tag in a preview, and no reference yet", async () => {
    const { world, outputs: seen } = await declare(args(await serve(empty)), { preview: true });
    expect(built(world)).toHaveLength(1);
    expect(Object.keys(seen).sort()).toEqual(["sourceHash", "tag"]);
  });
});

describe("an image that the registry has", () => {
  it("is taken from there: nothing builds, and the builder's resource is only read", async () => {
    const { world, outputs: seen } = await declare(args(await serve(() => found())));
    expect(built(world)).toEqual([]);
    expect(world.map(({ type, id }) => [type, id ?? ""])).toEqual([
      ["delivery:image:Image", ""],
      ["docker-build:index:Image", MANIFEST_DIGEST],
    ]);
    expect(seen.digest).toBe(MANIFEST_DIGEST);
  });

  it("is whole in a preview", async () => {
    const server = await serve(() => found());
    const { outputs: seen } = await declare(args(server), { preview: true });
    expect(seen.ref).toBe(`${server.domain}/acme/web@${MANIFEST_DIGEST}`);
  });

  it("is asked for once, by the tag of its content", async () => {
    const server = await serve(() => found());
    const { outputs: seen } = await declare(args(server));
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `HEAD /v2/acme/web/manifests/${String(seen.tag)}`,
    ]);
  });

  it("is asked for by its digest when it was built elsewhere, and needs no builder's resource", async () => {
    const server = await serve(() => found());
    const builder = prebuilt({ digest: MANIFEST_DIGEST });
    const { world, outputs: seen } = await declare({ ...args(server), builder });
    expect(world.map(({ type }) => type)).toEqual(["delivery:image:Image"]);
    expect(server.requests[0]?.path).toBe(`/v2/acme/web/manifests/${MANIFEST_DIGEST}`);
    expect(seen.ref).toBe(`${server.domain}/acme/web@${MANIFEST_DIGEST}`);
  });
});

describe("what goes into an image", () => {
  it("includes the digests of its base images", async () => {
    let base = found();
    const server = await serve(({ path }) => (path.startsWith("/v2/base/") ? base : empty({ path })));
    const context = folderOf({ Dockerfile: `FROM ${server.domain}/base/os:1\n` });
    const declared = { repository: `${server.domain}/acme/web`, context };
    const before = await declare(declared);
    expect((await declare(declared)).outputs.tag).toBe(before.outputs.tag);
    base = { status: 200, headers: { "docker-content-digest": OTHER } };
    expect((await declare(declared)).outputs.tag).not.toBe(before.outputs.tag);
  });

  it("includes a base image that cannot be looked up by its name, with no more than a warning", async () => {
    const server = await serve(empty);
    const context = folderOf({ Dockerfile: "FROM 127.0.0.1:1/base/os:1\n" });
    const { outputs: seen } = await declare({ repository: `${server.domain}/acme/web`, context });
    expect(seen.tag).toMatch(TAG);
  });
});

describe("secrets", () => {
  it("reach the registry, and neither the component's inputs nor the state of a present image", async () => {
    const challenge = { "www-authenticate": "Basic realm=r" };
    const basic = `Basic ${Buffer.from("ann:s3cret").toString("base64")}`;
    const server = await serve(({ headers }) => {
      return headers.authorization === basic ? found() : { status: 401, headers: challenge };
    });
    const registry = { username: "ann", password: pulumi.secret("s3cret") };
    const { world, outputs: seen } = await declare({ ...args(server), registry });
    expect(seen.digest).toBe(MANIFEST_DIGEST);
    expect(world[0]).toMatchObject({ type: "delivery:image:Image", inputs: {} });
    expect(JSON.stringify(world)).not.toContain("s3cret");
  });

  it("that only an update knows leave a preview to show a build, without asking the registry", async () => {
    const server = await serve(() => found());
    const late = (): ImageArgs => {
      const token = new Token("test:index:Token", "token");
      return { ...args(server), registry: { username: "ann", password: token.id } };
    };
    const { world } = await declare(late, { preview: true });
    expect(server.requests).toEqual([]);
    expect(built(world)).toHaveLength(1);
  });

  it("are not shown by a component's arguments that are wrong", async () => {
    const wrong = {
      repository: "r.example.com/acme/web:1",
      context: folderOf(FILES),
      secrets: { npm: "s3cret" },
    };
    const error = await declare(wrong).catch((caught: Error) => caught.message);
    expect(error).toContain("has the tag 1");
    expect(error).not.toContain("s3cret");
  });
});

describe("arguments that are wrong", () => {
  it("are told all at once, before anything else is declared", async () => {
    const wrong: ImageArgs = {
      repository: "registry.example.com/Acme/web",
      context: folderOf({ a: "" }),
      dockerfile: "../Dockerfile",
      platforms: ["amd64", "amd64"],
      args: { VERSION: pulumi.output("1") as unknown as string },
      builder: prebuilt({ digest: "latest" }),
    };
    const error = await declare(wrong).catch((caught: Error) => caught);
    expect(pulumi.ResourceError.isInstance(error)).toBe(true);
    const lines = (error as Error).message.split("\n");
    expect(lines[0]).toBe("Invalid arguments:");
    expect(lines.slice(1).map((line) => line.trim())).toEqual([
      expect.stringMatching(
        /^- repository "registry.example.com\/Acme\/web" is no image name: behind the host/,
      ),
      expect.stringMatching(/^- dockerfile "..\/Dockerfile" is outside of the context/),
      expect.stringMatching(/^- args.VERSION is no text/),
      expect.stringMatching(/^- platforms: "amd64" is no platform; write OS\/ARCHITECTURE/),
      expect.stringMatching(/^- platforms: "amd64" is no platform/),
      expect.stringMatching(/^- platforms names "amd64" twice/),
      expect.stringMatching(/^- builder prebuilt\(\): digest "latest" is malformed/),
    ]);
  });

  it.each([
    ["", 'repository "" is no image name'],
    ["web:1", "has the tag 1; leave it out"],
    [`web@${OTHER}`, `has the digest ${OTHER}; leave it out`],
    [`web:1@${OTHER}`, `has the tag 1 and the digest ${OTHER}`],
    ["https://r.example.com/web", "is no image name: it is HOST[:PORT]/PATH"],
    ["foo__bar.x/y", "begins with what can be no host"],
    ["a".repeat(64), "64 hexadecimal characters are an image's id"],
  ])("have the repository %j", async (repository, message) => {
    await expect(declare({ repository, context: folderOf(FILES) })).rejects.toThrow(message);
  });

  it("have no platform at all", async () => {
    const wrong = { repository: "web", context: folderOf(FILES), platforms: [] };
    await expect(declare(wrong)).rejects.toThrow("platforms is empty; leave it out, or name one");
  });
});

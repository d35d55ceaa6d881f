import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDockerd, startRegistry } from "../../../sandbox/images/index.ts";
import type { Registry } from "../../../sandbox/images/index.ts";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { areGone, makeWorld, pluginPids } from "./support.ts";
import type { Project, World } from "./support.ts";

let world: World;
let registry: Registry;
beforeAll(async () => {
  const tools = await ensureTools(["pulumi", "docker", "dockerd", "runc", "docker-registry"]);
  world = await makeWorld(tools, async (dir) => {
    registry = await startRegistry(dir, tools, { name: "main", auth: "basic" });
    const existing = `unix://${join(dir, "there-is-none.sock")}`;
    const { host } = await startDockerd(dir, tools, { insecureRegistries: [registry.address], existing });
    return { DOCKER_HOST: host };
  });
});
afterAll(() => world?.remove());

const DOCKERFILE = "FROM scratch\nARG WORD=none\nLABEL word=$WORD\nCOPY hello /hello\n";

/** A program with one image of the context `app`; `args` are further arguments of the image. */
function imageProgram(repository: string, args: string): string {
  return `
    const pulumi = require("@pulumi/pulumi");
    const docker = require("@pulumi/docker");
    const password = new pulumi.Config().requireSecret("password");
    const login = { server: "${registry.address}", username: "${registry.credentials?.username}", password };
    const image = new docker.Image("image", {
      imageName: "${registry.address}/${repository}:v1", build: { context: "app" }, registry: login, ${args}
    });
    for (const name of ["baseImageName", "context", "dockerfile", "imageName", "platform", "registryServer", "repoDigest"])
      exports[name] = image[name];`;
}

async function imageProject(name: string, args = ""): Promise<Project> {
  const files = {
    "app/Dockerfile": DOCKERFILE,
    "app/hello": "hello",
    "index.js": imageProgram(`acme/${name}`, args),
  };
  const project = await world.project(name, files);
  await project.pulumi("config", "set", "--secret", "password", registry.credentials?.password ?? "");
  return project;
}

/** The digest of `v1` in the registry; undefined when it is not there. */
async function digestOf(repository: string): Promise<string | undefined> {
  const { username = "", password = "" } = registry.credentials ?? {};
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const accept = "application/vnd.docker.distribution.manifest.v2+json";
  const url = `${registry.url}/v2/${repository}/manifests/v1`;
  const response = await fetch(url, { method: "HEAD", headers: { authorization, accept } });
  return response.headers.get("docker-content-digest") ?? undefined;
}

describe("docker.Image through the stand-in and a real Docker Engine", () => {
  it("is not built by a preview, then built and pushed, then left alone, then built anew when a file changes", async () => {
    const project = await imageProject("flow");
    const preview = await project.pulumi("preview");
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toContain("stand-in for the docker plugin 5.2.0, not by the official plugin");
    expect(await digestOf("acme/flow")).toBeUndefined();

    expect((await project.pulumi("up", "--yes", "--skip-preview")).code).toBe(0);
    const first = await digestOf("acme/flow");
    const name = `${registry.address}/acme/flow`;
    expect(await project.outputs()).toEqual({
      baseImageName: `${name}:v1`,
      context: "app",
      dockerfile: "Dockerfile",
      imageName: `${name}:v1`,
      platform: expect.stringMatching(/^linux\//),
      registryServer: registry.address,
      repoDigest: `${name}@${first}`,
    });

    expect((await project.pulumi("up", "--yes", "--skip-preview")).output).toContain("2 unchanged");
    project.write({ "app/hello": "hello again" });
    const diff = await project.pulumi("preview", "--diff");
    expect(diff.output).toContain("contextDigest");
    expect((await project.pulumi("up", "--yes", "--skip-preview")).output).toContain("1 updated");
    expect(await digestOf("acme/flow")).not.toBe(first);
    expect(await project.outputs()).toMatchObject({ repoDigest: `${name}@${await digestOf("acme/flow")}` });

    expect((await project.pulumi("destroy", "--yes")).code).toBe(0);
    expect(await digestOf("acme/flow")).toBeDefined();
  });

  it("stays in the engine, by its id, when nothing is to be pushed", async () => {
    const project = await imageProject("local", "skipPush: true");
    expect((await project.pulumi("up", "--yes", "--skip-preview")).code).toBe(0);
    expect(await project.outputs()).toMatchObject({
      repoDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    expect(await digestOf("acme/local")).toBeUndefined();
  });

  it("is built but not pushed by a preview that is asked to", async () => {
    const project = await imageProject("early", "buildOnPreview: true");
    const { output } = await project.pulumi("preview");
    expect(output).toMatch(/repoDigest *: "sha256:/);
    expect(await digestOf("acme/early")).toBeUndefined();
  });

  it("that cannot be built shows the end of the build's output", async () => {
    const project = await imageProject("broken");
    project.write({ "app/Dockerfile": `${DOCKERFILE}COPY absent /absent\n` });
    const { code, output } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("docker build failed");
    expect(output).toMatch(/absent.*not found/);
  });

  it("is refused by the registry for a wrong password, which is not shown", async () => {
    const project = await imageProject("refused");
    await project.pulumi("config", "set", "--secret", "password", "not-the-password");
    const { code, output } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("docker push failed");
    expect(output).toMatch(/unauthorized|denied|authentication/);
    expect(output).not.toContain("not-the-password");
  });

  it("is the only type that is answered for", async () => {
    const project = await world.project("other", {
      "index.js": `new (require("@pulumi/docker").Container)("other", { image: "x" });`,
    });
    const { code, output } = await project.pulumi("preview");
    expect(code).not.toBe(0);
    expect(output).toContain("does docker:index/image:Image only, not docker:index/container:Container");
  });
});

describe("when the engine is killed", () => {
  it("the stand-in is not left", async () => {
    const project = await imageProject("killed", "skipPush: true");
    project.write({
      "index.js": `${imageProgram("acme/killed", "skipPush: true")}\nsetInterval(() => {}, 1000);`,
    });
    const engine = project.start("up", "--yes", "--skip-preview");
    const ours = (): number[] => pluginPids(world.home.home);
    expect(await waitUntil(async () => ours().length === 2, 60_000)).toBe(true);
    const pids = ours();
    engine.kill("SIGKILL");
    expect(await areGone(pids)).toBe(true);
  });
});

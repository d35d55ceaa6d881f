import { EventEmitter, once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  addLogin,
  assertImage,
  buildCommand,
  buildEnvironment,
  changesBetween,
  checkConfig,
  completeInputs,
  credentialsKey,
  diffResponse,
  imageBuilder,
  NOTICE,
  pushedDigest,
  readImageName,
  resolveHost,
  resolveImage,
  UNKNOWN,
  withLogin,
} from "../../../sandbox/pulumi/docker-plugin/index.ts";

const build = { context: "/app", dockerfile: "/app/Dockerfile", platform: "linux/amd64" };

describe("a name of an image", () => {
  it.each([
    ["web", undefined, "docker.io/library/web"],
    ["user/web:v1", undefined, "docker.io/user/web"],
    ["docker.io/user/web:v1", "docker.io", "docker.io/user/web"],
    ["index.docker.io/web", "index.docker.io", "docker.io/library/web"],
    ["localhost/web", "localhost", "localhost/web"],
    ["127.0.0.1:5000/a/b:v1", "127.0.0.1:5000", "127.0.0.1:5000/a/b"],
    [`r.example/a@sha256:${"0".repeat(64)}`, "r.example", "r.example/a"],
  ])("%s is read as Docker reads it", (name, registry, repository) => {
    expect(readImageName(name)).toEqual({ registry, repository });
  });

  it("finds its credentials where Docker keeps them", () => {
    expect(credentialsKey("docker.io")).toBe("https://index.docker.io/v1/");
    expect(credentialsKey("https://r.example:5000/v2/")).toBe("r.example:5000");
  });
});

describe("what the Docker client is told", () => {
  const image = resolveImage({
    imageName: "r.example/web:v1",
    build: {
      ...build,
      target: "last",
      args: { TOKEN: "hush", HTTP_PROXY: "http://p" },
      cacheFrom: { images: ["c"] },
    },
  });

  it("is all that was asked for, and the context last", () => {
    expect(buildCommand(image, "/id")).toEqual([
      "build",
      "--tag=r.example/web:v1",
      "--file=/app/Dockerfile",
      "--iidfile=/id",
      "--platform=linux/amd64",
      "--target=last",
      "--progress=plain",
      "--cache-from=c",
      "--build-arg=TOKEN",
      "--build-arg=HTTP_PROXY=http://p",
      "/app",
    ]);
  });

  it("has values of build arguments in the environment only, but for names that the client reads itself", () => {
    expect(buildCommand(image, "/id").join(" ")).not.toContain("hush");
    expect(buildEnvironment(image)).toEqual({ TOKEN: "hush", DOCKER_BUILDKIT: "1" });
  });

  it("names the old builder when it was asked for", () => {
    const old = resolveImage({ imageName: "web", build: { ...build, builderVersion: "BuilderV1" } });
    expect(buildEnvironment(old)).toEqual({ DOCKER_BUILDKIT: "0" });
    expect(buildCommand(old, "/id").join(" ")).not.toContain("progress");
  });

  it("comes back with the digest that was pushed", () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    expect(pushedDigest(`5f70: Pushed\nv1: digest: ${digest} size: 523`)).toBe(digest);
    expect(pushedDigest("5f70: Pushed")).toBeUndefined();
  });
});

describe("a login", () => {
  const login = { server: "r.example", username: "me", password: "hush" };

  it("is for the user alone while it is needed, and gone afterwards, also after a failure", async () => {
    let seen = "";
    const use = async (folder: string): Promise<never> => {
      seen = folder;
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, "config.json")).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).auths["r.example"].auth).toBe(
        Buffer.from("me:hush").toString("base64"),
      );
      throw new Error("push failed");
    };
    await expect(withLogin(login, use)).rejects.toThrow("push failed");
    expect(existsSync(seen)).toBe(false);
  });

  it("is used although a credential helper serves all other registries, which it goes on doing", () => {
    const own = { auths: { other: {} }, credHelpers: { more: "pass" }, credsStore: "desktop" };
    expect(addLogin(own, login)).toEqual({
      auths: { other: {}, "r.example": { auth: "bWU6aHVzaA==" } },
      credHelpers: { more: "pass", "r.example": "" },
      credsStore: "desktop",
    });
  });

  it("that changed is no reason to build again; another registry is", () => {
    const before = { imageName: "a", registry: { server: "r", username: "u", password: "one" } };
    const renewed = { ...before, registry: { ...before.registry, password: "two" } };
    const moved = { ...before, registry: { ...before.registry, server: "s" } };
    expect(diffResponse(before, renewed).getChanges()).toBe(diffResponse(before, before).getChanges());
    expect([...diffResponse(before, moved).getDetaileddiffMap().keys()]).toEqual(["registry.server"]);
  });
});

describe("changes of inputs", () => {
  it("are named by path, as the engine writes paths", () => {
    const before = { build: { args: { A: "1", "b.c": "1" } }, old: 1 };
    const after = { build: { args: { A: "2", "b.c": "2" } }, fresh: [1] };
    expect(Object.fromEntries(changesBetween(before, after))).toEqual({
      "build.args.A": "update",
      [`build.args["b.c"]`]: "update",
      old: "delete",
      fresh: "add",
    });
  });

  it("are none exactly when the inputs are the same", () => {
    const values = fc.jsonValue({ maxDepth: 2 });
    const inputs = fc.dictionary(fc.constantFrom("a", "b", "c d"), values, { noNullPrototype: true });
    fc.assert(
      fc.property(inputs, inputs, (one, other) => {
        expect(changesBetween(one, structuredClone(one)).size).toBe(0);
        expect(changesBetween(one, other).size === 0).toBe(isDeepStrictEqual(one, other));
      }),
    );
  });
});

describe("the stand-in's scope", () => {
  it("is images; anything else is refused with what to do", () => {
    const urn = (type: string): string => `urn:pulumi:dev::shop::${type}::name`;
    expect(() => assertImage(urn("my:component:App$docker:index/image:Image"))).not.toThrow();
    expect(() => assertImage(urn("docker:index/container:Container"))).toThrow(
      /does docker:index\/image:Image only, not docker:index\/container:Container.*pulumi plugin install/s,
    );
  });

  it("leaves out certificates and ssh, and says so", () => {
    expect(checkConfig({ host: "tcp://h", certPath: "/c" }).map(({ property }) => property)).toEqual([
      "certPath",
    ]);
  });

  it("finds the engine by the provider's host, then DOCKER_HOST, then Docker's default", () => {
    expect(resolveHost({ host: "tcp://a" }, { DOCKER_HOST: "tcp://b" })).toBe("tcp://a");
    expect(resolveHost({ host: UNKNOWN }, { DOCKER_HOST: "tcp://b" })).toBe("tcp://b");
    expect(resolveHost({}, {})).toBe("unix:///var/run/docker.sock");
  });
});

describe("a preview", () => {
  const say = vi.fn(async () => {});
  const builder = imageBuilder({ docker: "/nowhere/docker", log: { say, status: () => {} } });

  it("is told once that this is not the official plugin", async () => {
    await builder.configure({});
    expect(say).toHaveBeenCalledExactlyOnceWith("INFO", NOTICE, "");
  });

  it("builds nothing unless asked to", async () => {
    const inputs = completeInputs({ imageName: "r.example/web", build });
    expect(await builder.build("urn", inputs, true)).toEqual(inputs);
  });

  it("that was asked to build says why it cannot", async () => {
    const inputs = { buildOnPreview: true, imageName: UNKNOWN, build };
    expect(await builder.build("urn", inputs, true)).toEqual(inputs);
    expect(say).toHaveBeenLastCalledWith("WARNING", expect.stringContaining("not known yet"), "urn");
  });

  it("that builds fails with the end of what the Docker client said, and without the password", async () => {
    const dir = mkdtempSync(join(tmpdir(), "delivery-"));
    const docker = join(dir, "docker");
    writeFileSync(docker, `#!/bin/sh\necho first; for i in $(seq 30); do echo line $i; done; exit 3\n`, {
      mode: 0o755,
    });
    const failing = imageBuilder({ docker, log: { say, status: () => {} } });
    const registry = { server: "r.example", username: "me", password: "hush" };
    const failure = await failing
      .build("urn", { buildOnPreview: true, imageName: "r.example/web", build, registry }, true)
      .catch((error: Error) => error.message);
    rmSync(dir, { recursive: true });
    expect(failure).toContain("docker build failed");
    expect(failure).toContain("line 30");
    expect(failure).not.toContain("first");
    expect(failure).not.toContain("hush");
  });

  it("that is cancelled ends the Docker client", async () => {
    const dir = mkdtempSync(join(tmpdir(), "delivery-"));
    const docker = join(dir, "docker");
    writeFileSync(docker, "#!/bin/sh\necho started\nexec sleep 1000\n", { mode: 0o755 });
    const output = new EventEmitter();
    const status = (line: string): boolean => output.emit("line", line);
    const cancelled = imageBuilder({ docker, log: { say, status } });
    const inputs = { buildOnPreview: true, imageName: "r.example/web", build };
    const built = cancelled.build("urn", inputs, true);
    await once(output, "line");
    cancelled.cancel();
    await expect(built).rejects.toThrow("docker build failed");
    rmSync(dir, { recursive: true });
  });
});

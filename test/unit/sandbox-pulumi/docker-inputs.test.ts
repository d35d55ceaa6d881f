import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  checkInputs,
  completeInputs,
  hashContext,
  hostPlatform,
  UNKNOWN,
} from "../../../sandbox/pulumi/docker-plugin/index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "delivery-"));
  write({ "app/Dockerfile": "FROM scratch\n", "app/main": "one" });
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
}

const hash = (): string => hashContext(join(dir, "app"), join(dir, "app/Dockerfile"));

describe("the hash of a build context", () => {
  it.each<[string, () => void]>([
    ["the content of a file", () => write({ "app/main": "two" })],
    ["the name of a file", () => renameSync(join(dir, "app/main"), join(dir, "app/main2"))],
    ["the executable bit", () => chmodSync(join(dir, "app/main"), 0o755)],
    ["a new file in a folder", () => write({ "app/deep/er": "" })],
    ["where a link points", () => symlinkSync("main", join(dir, "app/link"))],
    ["the Dockerfile", () => write({ "app/Dockerfile": "FROM scratch\nLABEL a=b\n" })],
  ])("changes with %s", (_what, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  it("does not change with times, nor with ignored files, nor with the place of the context", () => {
    write({ "app/.dockerignore": "*.log\n" });
    const before = hash();
    utimesSync(join(dir, "app/main"), 1, 1);
    write({ "app/noise.log": "x" });
    expect(hash()).toBe(before);
    renameSync(join(dir, "app"), join(dir, "moved"));
    expect(hashContext(join(dir, "moved"), join(dir, "moved/Dockerfile"))).toBe(before);
  });

  it("goes by the Dockerfile's own ignore file when there is one", () => {
    write({ "app/.dockerignore": "main\n", "app/Dockerfile.dockerignore": "other\n" });
    const before = hash();
    write({ "app/other": "x" });
    expect(hash()).toBe(before);
    write({ "app/main": "two" });
    expect(hash()).not.toBe(before);
  });
});

describe("the inputs of an image", () => {
  const build = (): Record<string, unknown> => ({ context: join(dir, "app") });

  it("get the defaults of the official plugin", () => {
    const inputs = completeInputs({ imageName: "r.example/web", build: build() });
    expect(inputs).toEqual({
      imageName: "r.example/web",
      buildOnPreview: false,
      build: {
        context: join(dir, "app"),
        dockerfile: join(dir, "app/Dockerfile"),
        platform: hostPlatform(),
        contextDigest: hash(),
      },
    });
    expect(checkInputs(inputs)).toEqual([]);
  });

  it("build the program's own folder when they say nothing", () => {
    expect(completeInputs({ imageName: "r.example/web" })["build"]).toMatchObject({
      context: ".",
      dockerfile: "Dockerfile",
    });
  });

  it("are all judged at once", () => {
    const inputs = completeInputs({
      imageName: "web:v1",
      build: { context: join(dir, "absent"), builderVersion: "BuilderV3", cacheFrom: {} },
    });
    expect(checkInputs(inputs).map(({ property }) => property)).toEqual([
      "build.context",
      "build.builderVersion",
      "build.cacheFrom",
      "imageName",
    ]);
  });

  it("with a Dockerfile that is meant from the context get the right path told", () => {
    const inputs = completeInputs({ imageName: "r.example/web", build: { ...build(), dockerfile: "main" } });
    expect(checkInputs(inputs)).toEqual([
      {
        property: "build.dockerfile",
        reason: expect.stringContaining(`set it to "${join(dir, "app/main")}"`),
      },
    ]);
  });

  it("need no registry in the name when nothing is pushed, or when the registry is given", () => {
    const local = { imageName: "web", skipPush: true, build: build() };
    expect(checkInputs(completeInputs(local))).toEqual([]);
    const served = { imageName: "web", registry: { server: "r.example" }, build: build() };
    expect(checkInputs(completeInputs(served))).toEqual([]);
  });

  it("that are not known yet are not judged", () => {
    const inputs = completeInputs({ imageName: UNKNOWN, build: { context: UNKNOWN, cacheFrom: UNKNOWN } });
    expect(checkInputs(inputs)).toEqual([]);
  });
});

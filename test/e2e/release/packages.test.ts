import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pipelineText } from "./pipelines";
import { ReleaseProject } from "./project";
import type { Answer, Made } from "./project";

const project = new ReleaseProject();
const before = 'import { greeting } from "greeting";';
const objects =
  '{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "greeting" }, data: { greeting } },';
/** What was fetched from the registry, by path. */
const fetched: string[] = [];
let registry: Server;
let address: string;
let older: Made;
let sameLock: Made;
let bound: Made;
let gone: Made;

const archive = (version: string): string => join(project.dir, `greeting-${version}.tgz`);

/** Makes the package `greeting` of a version, as npm packs one. */
function pack(version: string): void {
  const folder = join(project.dir, `pack-${version}`, "package");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "greeting", version, main: "index.js" }),
  );
  writeFileSync(join(folder, "index.js"), `exports.greeting = "greeting ${version}";\n`);
  execFileSync("tar", ["-czf", archive(version), "-C", join(folder, ".."), "package"]);
}

/** The manifest and the lock file of a project with that version. */
function lock(version: string, resolved = `${address}/greeting-${version}.tgz`): void {
  const wanted = resolved.startsWith("file:") ? resolved : version;
  const manifest = { name: "shop", private: true, dependencies: { greeting: wanted } };
  const digest = createHash("sha512")
    .update(readFileSync(archive(version)))
    .digest("base64");
  const packages = {
    "": manifest,
    "node_modules/greeting": { version, resolved, integrity: `sha512-${digest}` },
  };
  project.write("package.json", JSON.stringify(manifest));
  project.write(
    "package-lock.json",
    JSON.stringify({ name: "shop", lockfileVersion: 3, requires: true, packages }),
  );
  // What the checkout has installed.
  rmSync(join(project.dir, "node_modules", "greeting"), { recursive: true, force: true });
  mkdirSync(join(project.dir, "node_modules", "greeting"));
  const from = join(project.dir, `pack-${version}`, "package");
  for (const name of readdirSync(from)) {
    writeFileSync(join(project.dir, "node_modules", "greeting", name), readFileSync(join(from, name)));
  }
}

function make(mark: string): Promise<Made> {
  project.write("infra/pipeline.ts", pipelineText({ mark, before, objects }));
  return project.make();
}

const ask = ({ release }: Made): Promise<Answer> => project.render({ releases: [release] });
const greetingOf = ({ lists }: Answer): unknown =>
  lists[0]?.["dev-1"]?.objects.find(({ metadata }) => metadata.name === "greeting")?.data;

beforeAll(async () => {
  registry = createServer((request, response) => {
    fetched.push(request.url ?? "");
    const version = /greeting-([\d.]+)\.tgz/.exec(request.url ?? "")?.[1] ?? "";
    if (!["1.0.0", "2.0.0"].includes(version)) response.writeHead(404).end();
    else response.end(readFileSync(archive(version)));
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  for (const version of ["1.0.0", "2.0.0", "0.9.0"]) pack(version);
  await project.start();
  project.write("infra/title.ts", 'export const title: string = "one";\n');
  project.write("infra/extra.txt", "text\n");
  lock("0.9.0");
  gone = await make("gone");
  project.write("vendor/greeting.tgz", "");
  writeFileSync(join(project.root, "vendor/greeting.tgz"), readFileSync(archive("1.0.0")));
  lock("1.0.0", "file:vendor/greeting.tgz");
  bound = await make("bound");
  lock("1.0.0");
  older = await make("older");
  lock("2.0.0");
  sameLock = await make("same lock");
  await make("running");
});
beforeEach(() => {
  rmSync(join(project.dir, "cache", "pulumi-delivery", "renders"), { recursive: true, force: true });
  fetched.length = 0;
});
afterAll(async () => {
  project.remove();
  await new Promise((resolve) => registry.close(resolve));
});

describe("the packages of a release", () => {
  it("are those of the checkout when the lock file is the same, without a look at the registry", async () => {
    const answer = await ask(sameLock);
    expect(answer.lists[0]?.["dev-1"]).toEqual({ ...sameLock.lists["dev-1"], by: "commit" });
    expect(greetingOf(answer)).toEqual({ greeting: "greeting 2.0.0" });
    expect(fetched).toEqual([]);
  });

  it("are its own when the lock file was another one, and are installed once", async () => {
    const first = await ask(older);
    expect(first.problems).toEqual([]);
    expect(first.lists[0]?.["dev-1"]).toEqual({ ...older.lists["dev-1"], by: "commit" });
    expect(first.said).toContain(
      "its package-lock.json is not that of this checkout: its packages are installed",
    );
    expect(fetched).toEqual(["/greeting-1.0.0.tgz"]);
    rmSync(join(project.dir, "cache", "pulumi-delivery", "renders"), { recursive: true });
    rmSync(join(project.dir, ".npm"), { recursive: true, force: true });
    const again = await ask(older);
    expect(greetingOf(again)).toEqual({ greeting: "greeting 1.0.0" });
    expect(fetched).toHaveLength(1);
  });

  it("are installed in its checkout when the lock file names files of it", async () => {
    const answer = await ask(bound);
    expect(answer.problems).toEqual([]);
    expect(answer.lists[0]?.["dev-1"]).toEqual({ ...bound.lists["dev-1"], by: "commit" });
    expect(fetched).toEqual([]);
  });

  it("that cannot be had any more are said, with what npm says of it", async () => {
    const { problems } = await ask(gone);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^npm ci failed: .*404[^]*see that the registry has them and knows you$/);
    expect(readdirSync(join(project.dir, "tmp")).filter((name) => name.startsWith("delivery-"))).toEqual([]);
    expect(readdirSync(join(project.dir, "cache/pulumi-delivery/installs"))).toHaveLength(1);
  });
});

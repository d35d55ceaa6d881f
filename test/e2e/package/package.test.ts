import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { run, tryRun } from "../../../sandbox/processes/index.ts";
import { Namespace } from "../../support/namespace";
import { changesOf } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";
import { installPackage, STRICT } from "./installed";
import type { Installed } from "./installed";

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed?.remove());

const PROGRAM = `import { app, buildkit, Image, PushDelivery } from "pulumi-delivery";

const repository = \`\${process.env["REGISTRY"]}/acme/packaged\`;
const image = new Image("packaged", { repository, context: "./app", builder: buildkit({ builder: "sandbox" }) });

const delivery = new PushDelivery("packaged", {
  clusters: [{ name: "eu", context: "eu-1" }],
  manifests: app({ name: "packaged", image: image.ref, port: 8080 }),
});
export const ref: typeof image.ref = image.ref;
export const { record } = delivery;
`;

const contentOf = (path: string): string =>
  readFileSync(join(installed.folder, "node_modules", "pulumi-delivery", path), "utf8");

/** What documents lead to that a user of the package has no need of. */
const IN_THE_REPOSITORY = /^(?:CONTRIBUTING\.md|test\/.+)$/;

/** Paths in the package that a document has links to. */
const linksOf = (document: string): string[] =>
  [...contentOf(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) =>
    join(dirname(document), link!),
  );

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

describe("the package", () => {
  it("has the compiled library with its types, what is to be read, and the stacks' schema, and nothing else", () => {
    const guides = /^(?:docs\/.+\.md|components\/.+\/README\.md|examples\/one-part\/.+)$/;
    const library = /^dist\/.+\.(?:js|d\.ts)$/;
    const others = installed.files.filter((path) => !library.test(path) && !guides.test(path));
    expect(others.sort()).toEqual(["LICENSE", "README.md", "package.json", "schemas/stack.schema.json"]);
    expect(installed.files.filter((path) => path.includes(".test."))).toEqual([]);
    const bundles = ["dist/index.js", "dist/provider.js"];
    expect(installed.files).toEqual(expect.arrayContaining(bundles));
    const compiled = installed.files.filter((path) => path.endsWith(".js") && !bundles.includes(path));
    const typed = installed.files.filter((path) => path.endsWith(".d.ts"));
    expect(typed.map((path) => path.replace(/\.d\.ts$/, ".js")).sort()).toEqual(compiled.sort());
  });

  it("has what the README and the guides lead to: guides, decisions, the library's folders and examples", () => {
    const documents = installed.files.filter((path) => path.endsWith(".md"));
    const led = documents.flatMap(linksOf);
    expect(led).toEqual(expect.arrayContaining(["docs/pull.md", "components/ledger", "docs/decisions"]));
    const isThere = (path: string): boolean =>
      installed.files.some((file) => file === path || file.startsWith(`${path}/`));
    expect(led.filter((path) => !IN_THE_REPOSITORY.test(path) && !isThere(path))).toEqual([]);
  });

  it("names no path of the machine that it was made on", () => {
    const found = installed.files.filter((path) =>
      [CHECKOUT, homedir()].some((place) => contentOf(path).includes(`${place}/`)),
    );
    expect(found).toEqual([]);
  });

  it("asks for every package that it requires", () => {
    const { dependencies, peerDependencies } = JSON.parse(contentOf("package.json")) as Manifest;
    const asked = { ...dependencies, ...peerDependencies };
    const code = installed.files.filter((path) => path.endsWith(".js")).map(contentOf);
    const required = code.flatMap((text) => [...text.matchAll(/^\w.*\brequire\("([^".][^"]*)"\)/gm)]);
    const names = required.map(([, path]) => /^(?:@[^/]+\/)?[^/]+/.exec(path!)![0]);
    const packages = [...new Set(names)].filter((name) => !isBuiltin(name));
    expect(packages).toContain("@pulumi/pulumi");
    expect(packages.filter((name) => !(name in asked))).toEqual([]);
    for (const peer of ["@pulumi/docker", "@pulumi/docker-build"]) expect(asked).toHaveProperty([peer]);
  });

  it("has types that want no package which need not be there", () => {
    const { peerDependenciesMeta } = JSON.parse(contentOf("package.json")) as {
      readonly peerDependenciesMeta: object;
    };
    const optional = Object.keys(peerDependenciesMeta);
    expect(optional).toContain("@pulumi/github");
    const types = installed.files.filter((path) => path.endsWith(".d.ts")).map(contentOf);
    const wanted = types.flatMap((text) => [...text.matchAll(/(?:from |import\()"([^".][^"]*)"/g)]);
    const names = wanted.map(([, path]) => /^(?:@[^/]+\/)?[^/]+/.exec(path!)![0]);
    expect(names).toContain("@pulumi/pulumi");
    expect(names.filter((name) => optional.includes(name))).toEqual([]);
  });

  it("starts programs that are one file each, without Pulumi's SDK", () => {
    const programs = installed.files.filter((path) => /^dist\/components\/.*\/main\.js$/.test(path));
    expect(programs.length).toBeGreaterThan(3);
    for (const program of programs) {
      const required = [...contentOf(program).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!);
      expect(required.filter((name) => /^[.@]/.test(name))).toEqual([]);
    }
  });

  it("can be required by the paths that it promises, and by no other", async () => {
    const source = `
      const { gate } = require("pulumi-delivery/provider");
      const { definePipeline } = require("pulumi-delivery");
      let other = "found";
      try { require("pulumi-delivery/dist/problems"); } catch (error) { other = error.code; }
      const schema = require("pulumi-delivery/stack.schema.json");
      console.log([typeof gate.create, typeof definePipeline, schema.type, other].join());`;
    const said = await run(process.execPath, ["-e", source], { cwd: installed.folder });
    expect(said.trim()).toBe("function,function,object,ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  it("has types with which a strict program compiles, and a wrong one does not", async () => {
    const tsc = [join(CHECKOUT, "node_modules", "typescript", "bin", "tsc"), "-p", "types"];
    const check = async (program: string): Promise<string> => {
      installed.write("types/index.ts", program);
      installed.write("types/tsconfig.json", JSON.stringify({ compilerOptions: STRICT }));
      return (await tryRun(process.execPath, tsc, { cwd: installed.folder })).stdout;
    };
    expect(await check(PROGRAM)).toBe("");
    expect(await check(PROGRAM.replace("port: 8080", 'port: "8080"'))).toContain("TS2322");
  });

  it("brings an image and its objects to a cluster with a program of ten lines", async () => {
    const sandbox = await sharedSandbox();
    const { folder } = installed;
    installed.write("Pulumi.yaml", "name: packaged\nruntime: nodejs\n");
    installed.write("index.ts", PROGRAM);
    installed.write("tsconfig.json", JSON.stringify({ compilerOptions: STRICT, files: ["index.ts"] }));
    installed.write("app/Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
    const state = {
      HOME: folder,
      PULUMI_BACKEND_URL: `file://${folder}`,
      REGISTRY: sandbox.registry.address,
    };
    const options = { cwd: folder, env: { ...sandbox.env, ...state } };
    const pulumi = (...args: string[]): Promise<string> =>
      run("pulumi", [...args, "--non-interactive", "--color", "never"], options);
    await pulumi("stack", "init", "dev");
    try {
      expect(changesOf(await pulumi("up", "--yes", "--skip-preview"))).toMatchObject({
        created: expect.any(Number),
      });
      const objects = await new Namespace(sandbox, "eu-1", "packaged").objects();
      const ref = (await pulumi("stack", "output", "ref")).trim();
      expect(ref).toMatch(/^127\.0\.0\.1:\d+\/acme\/packaged@sha256:[0-9a-f]{64}$/);
      expect(objects["Deployment/packaged"]).toMatchObject({
        spec: { template: { spec: { containers: [{ image: ref }] } } },
      });
      expect(changesOf(await pulumi("up", "--yes", "--skip-preview"))).toEqual({});
    } finally {
      await pulumi("destroy", "--yes");
    }
  });
});

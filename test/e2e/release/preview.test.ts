import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Release } from "../../../components/release";
import { tryRun } from "../../../sandbox/processes/index.ts";
import { preparePulumiHome } from "../../../sandbox/pulumi/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { pipelineText } from "./pipelines";
import { ReleaseProject } from "./project";
import type { Made } from "./project";

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { Pipeline } from "pulumi-delivery";
import { pipeline } from "./pipeline";

const config = new pulumi.Config("delivery");
const settings = { release: config.getObject("release"), config: config.getObject("config") };
new Pipeline("shop", { pipeline, stack: pulumi.getStack(), root: pulumi.getRootDirectory(), ...settings });
`;
/** Nothing listens there: to preview, the plugin needs no answer. */
const KUBECONFIG = stringify({
  contexts: [{ name: "dev-1", context: { cluster: "dev-1", user: "dev-1" } }],
  clusters: [{ name: "dev-1", cluster: { server: "https://127.0.0.1:9" } }],
  users: [{ name: "dev-1", user: { token: "t" } }],
});

const project = new ReleaseProject();
let env: Readonly<Record<string, string>>;
let older: Made;
let newer: Made;

/** Previews the stack with a release in its file; returns what is planned, by name, and what was said. */
async function preview(
  release: Release,
  settings: object,
): Promise<{ code: number; said: string; planned: string[] }> {
  const config = { "delivery:release": release, "delivery:config": settings };
  project.write("Pulumi.dev.yaml", stringify({ config }));
  const args = ["preview", "--stack", "dev", "--non-interactive", "--color", "never"];
  const { code, stdout, stderr } = await tryRun("pulumi", args, { cwd: project.root, env });
  const said = stdout + stderr;
  const planned = [...said.matchAll(/^ \+\s+.*?kubernetes:\S+ (\S+)\s+create/gm)].map(
    ([, name = ""]) => name,
  );
  return { code, said, planned: planned.sort() };
}

beforeAll(async () => {
  const tools = await ensureTools(["pulumi", "pulumi-resource-kubernetes"]);
  const home = await preparePulumiHome(project.dir, tools);
  await project.start();
  project.write(".gitignore", "node_modules\nkubeconfig\n");
  project.write("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: infra/\n");
  project.write("package.json", '{ "private": true }');
  project.write("infra/package.json", '{ "private": true, "main": "index.ts" }');
  project.write(
    "infra/tsconfig.json",
    JSON.stringify({ compilerOptions: { esModuleInterop: true, noCheck: true } }),
  );
  project.write("infra/index.ts", PROGRAM);
  project.write("infra/title.ts", 'export const title: string = "one";\n');
  project.write("infra/extra.txt", "text\n");
  project.write("kubeconfig", KUBECONFIG);
  env = {
    ...home.env,
    ...project.env,
    PATH: home.env["PATH"] ?? "",
    KUBECONFIG: join(project.root, "kubeconfig"),
  };
  await tryRun("pulumi", ["stack", "init", "dev", "--non-interactive"], { cwd: project.root, env });
  const account = '{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "then" } },';
  project.write(
    "infra/pipeline.ts",
    pipelineText({ mark: "then", namespace: "shop-then", objects: account }),
  );
  older = await project.make();
  project.write("infra/pipeline.ts", pipelineText({ mark: "now" }));
  newer = await project.make();
});
afterAll(() => project.remove());

describe("the preview of a stack, by the real engine", () => {
  it("shows every object of an older release, as its own code has made it, and says what goes on", async () => {
    const { code, said, planned } = await preview(older.release, { replicas: 2 });
    expect({ code, planned }, said).toEqual({
      code: 0,
      planned: [
        "shop/dev-1/apps/Deployment/shop-then/shop",
        "shop/dev-1/core/ConfigMap/shop-then/extra",
        "shop/dev-1/core/ConfigMap/shop-then/place",
        "shop/dev-1/core/ConfigMap/shop-then/shop-release",
        "shop/dev-1/core/Namespace//shop-then",
        "shop/dev-1/core/Service/shop-then/shop",
        "shop/dev-1/core/ServiceAccount/shop-then/shop",
        "shop/dev-1/core/ServiceAccount/shop-then/then",
      ],
    });
    expect(said).toContain(`the code at commit ${older.release.commit} renders it`);
  });

  it("shows a release of the running code without any of that", async () => {
    const { code, said, planned } = await preview(newer.release, {});
    expect(code, said).toBe(0);
    expect(planned).toContain("shop/dev-1/apps/Deployment/shop/shop");
    expect(said).not.toContain("was made by other pipeline sources");
  });

  it("fails before anything is planned when an older release cannot be rendered, with sentences only", async () => {
    const lost = { ...older.release, commit: "0123456789".repeat(4) };
    const { code, said, planned } = await preview(lost, {});
    expect(code).not.toBe(0);
    expect(planned).toEqual([]);
    expect(said).toContain(
      `commit ${lost.commit} is not in this clone; get it with: git fetch origin ${lost.commit}`,
    );
    expect(said).not.toMatch(/^\s+at .*\.js:\d+/m);
  });
});

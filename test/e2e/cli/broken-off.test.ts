import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { signalGroup, waitUntil } from "../../../sandbox/processes/index.ts";
import { Namespace, TOO_MUCH_CPU } from "../../support/namespace";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";
import { Delivery } from "./delivery";

const sandbox = await sharedSandbox();
const project = new Project(sandbox);
const delivery = new Delivery(project, sandbox);
const APP = "broken";
const IMAGE = `registry.example.com/acme/broken@sha256:${"7".repeat(64)}`;
const namespace = new Namespace(sandbox, "eu-1", APP);

/** @param cpu what it asks for */
const pipeline = (cpu: string): string => `
import { app, definePipeline, push } from "pulumi-delivery";
export const pipeline = definePipeline({
  app: "${APP}", source: { paths: ["app/**"] }, images: {}, clusters: { "eu-1": { context: "eu-1" } },
  environments: { prod: { from: "build", delivery: push(), clusters: ["eu-1"] } },
  manifests: () => app({
    name: "${APP}", image: "${IMAGE}", port: 8080, resources: { requests: { cpu: "${cpu}", memory: "16Mi" } },
  }),
});
`;

async function release(cpu: string): Promise<void> {
  project.write("infra/pipeline.ts", pipeline(cpu));
  await project.commit(`feat: ${cpu}`);
  await delivery.succeed("up", "build");
  await delivery.succeed("promote", "prod");
  await project.commit("chore: promote");
}

async function brokenOff(): Promise<unknown[]> {
  const text = await project.pulumi("stack", "export", "--stack", "prod");
  const { deployment } = JSON.parse(text) as { deployment: { pending_operations?: unknown[] } };
  return deployment.pending_operations ?? [];
}

beforeAll(async () => {
  await delivery.begin(APP, ["build", "prod"]);
  await release(TOO_MUCH_CPU);
});
afterAll(async () => {
  await project.pulumi("destroy", "--yes", "--stack", "prod");
  await namespace.remove();
  project.remove();
});

/** In order: what one does, the next goes on from. */
describe("a first delivery that is killed while its gate waits (F6)", () => {
  it("leaves a lock, which is told with the command that ends it", async () => {
    const words = [join(CHECKOUT, "dist", "cli", "main.js"), "up", "prod", "--project", project.root];
    const options = { cwd: project.root, env: delivery.env, detached: true } as const;
    const update = spawn(process.execPath, words, { ...options, stdio: "ignore" });
    const isGateBegun = async (): Promise<boolean> => JSON.stringify(await brokenOff()).includes("/gate/");
    expect(await waitUntil(isGateBegun, 120_000)).toBe(true);
    signalGroup(update.pid!, "SIGKILL");
    await once(update, "close");
    const { code, stdout } = await delivery.run("up", "prod");
    expect([code, stdout]).toEqual([1, expect.stringContaining("pulumi cancel --stack prod")]);
    await project.pulumi("cancel", "--yes", "--stack", "prod");
  });

  it("is done by the next one, which leaves nothing for a person to mend, and no warning", async () => {
    await release("10m");
    const { code, stdout, stderr } = await delivery.run("up", "prod");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^prod: .*created/)]);
    expect(stderr).toMatch(/^! an earlier update was broken off at wave .*; this one goes on from there$/m);
    expect(stderr).not.toContain("pulumi refresh");
    expect(await brokenOff()).toEqual([]);
    const again = await delivery.run("up", "prod");
    expect([again.stdout, again.stderr]).toEqual([
      "prod: nothing had to change\n",
      expect.not.stringContaining("broken off"),
    ]);
    expect(await namespace.names()).toContain("Deployment/broken");
  });
});

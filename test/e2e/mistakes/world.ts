import { expect } from "vitest";
import { startRegistry } from "../../../sandbox/images/index.ts";
import type { Registry } from "../../../sandbox/images/index.ts";
import { freePort } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { Namespace } from "../../support/namespace";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";
import { openWays } from "../../support/ways";

/** A secret that programs of these tests have in their hands, and that nobody may read anywhere. */
export const CANARY = "canary-93b1d07c54ef4a62";
export const DIGEST = `sha256:${"4".repeat(64)}`;

/** A project that has delivered once, and the world around it. */
export interface MistakeWorld {
  readonly project: Project;
  /** A registry that wants a login, and the address of one that anybody may use. */
  readonly registry: Registry;
  readonly openRegistry: string;
  /**
   * Runs a program that has to fail with one error, which is returned; nothing is changed by it, and it tells no
   * secret and shows no stack.
   *
   * @param source the program from now on; the one that is there when it is left out
   * @param stack @default "dev"
   */
  refused(source?: string, stack?: string): Promise<string>;
  remove(): Promise<void>;
}

const GOOD = `
  const { PushDelivery } = require("pulumi-delivery");
  new PushDelivery("web", { clusters: [{ name: "dev-1", context: "dev-1" }], namespace: "mistakes",
    manifests: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "notes" }, data: { text: "good" } }] });`;

/** A program of one file that has delivered a ConfigMap. */
export async function deliverOnce(project: Project): Promise<void> {
  await project.program(GOOD);
  await project.up();
}

/**
 * @param owner names its namespace, its registry and its ways to the clusters; unique in the run
 * @param begin makes the project, with a stack `dev`
 */
export async function makeMistakeWorld(
  owner: string,
  begin: (project: Project) => Promise<void>,
): Promise<MistakeWorld> {
  const sandbox = await sharedSandbox();
  const tools = await ensureTools(["docker-registry"]);
  const registry = await startRegistry(sandbox.dir, tools, { name: owner, auth: "basic" });
  const ways = await openWays(sandbox, owner);
  const open = await openRegistryWay(sandbox.registry, owner, ways.proxy);
  const project = new Project({ ...sandbox, env: { ...sandbox.env, KUBECONFIG: ways.kubeconfig } });
  await begin(project);
  const inCluster = new Namespace(sandbox, "dev-1", owner);
  const kept = async (stack: string): Promise<unknown> => [
    await stateOf(project, stack),
    await inCluster.versions(),
  ];
  const writes = async (): Promise<unknown> => {
    const requests = await Promise.all([registry.route, open.route].map((name) => ways.proxy.requests(name)));
    const pushed = requests.flat().filter(({ method }) => method !== "GET" && method !== "HEAD");
    const clusters = await Promise.all(sandbox.clusters.map(({ name }) => ways.changes(name)));
    return [...pushed, ...clusters.flat()];
  };
  return {
    project,
    registry,
    openRegistry: open.address,
    async refused(source, stack = "dev") {
      await ways.reset();
      const before = await kept(stack);
      if (source !== undefined) project.write("index.js", source);
      const { code, stdout, stderr } = await project.tryUp(stack);
      expect(code).not.toBe(0);
      expect(await kept(stack)).toEqual(before);
      expect(await writes()).toEqual([]);
      return theError(stdout + stderr);
    },
    async remove() {
      await ways.reset();
      await project.pulumi("destroy", "--yes", "--stack", "dev");
      await ways.proxy.remove(open.route);
      await ways.close();
      project.remove();
    },
  };
}

type Control = Awaited<ReturnType<typeof openWays>>["proxy"];

/** A way of one's own to the registry that the tests share, so that only one's own requests are counted. */
async function openRegistryWay(
  { address }: Registry,
  owner: string,
  proxy: Control,
): Promise<{ readonly route: string; readonly address: string }> {
  const route = `${owner}.registry`;
  const listenPort = await freePort();
  const targetPort = Number(address.slice(address.lastIndexOf(":") + 1));
  await proxy.put({ name: route, listenPort, targetPort, reads: "requests" });
  return { route, address: `127.0.0.1:${listenPort}` };
}

interface Resource {
  readonly urn: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
}

/** What stands for something outside of Pulumi. */
async function stateOf(project: Project, stack: string): Promise<unknown> {
  const text = await project.pulumi("stack", "export", "--stack", stack);
  const { resources = [] } = (JSON.parse(text) as { deployment: { resources?: Resource[] } }).deployment;
  return resources
    .filter(({ custom }) => custom)
    .map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs }));
}

/** The text of the one error that Pulumi has shown. */
function theError(output: string): string {
  const errors = output.match(/^\s*error: /gm) ?? [];
  expect(errors, output).toHaveLength(1);
  expect(output).not.toMatch(/^\s+at \S.*$/m);
  expect(output).not.toContain(CANARY);
  expect(output).not.toContain(Buffer.from(CANARY).toString("base64").slice(0, -4));
  return output.slice(output.search(/^\s*error: /m));
}

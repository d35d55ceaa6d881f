import { openKubeconfig } from "../../../../sandbox/clusters/index.ts";
import { callApi, createRepository } from "../../../../sandbox/git/index.ts";
import type { SandboxInfo } from "../../../../sandbox/info.ts";
import { clusterNames, downSandbox, upSandbox } from "../../../../sandbox/sandbox.ts";
import { Project } from "../../../support/project.ts";
import type { Bench } from "../../contract.ts";
import { timed } from "../../runner/index.ts";
import type { Ran } from "../../runner/index.ts";
import { EMPTY_PROGRAM } from "../push/programs.ts";
import { installFlux } from "./agents.ts";

const UP = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", "dev"];
const CONTROLLERS = ["source-controller", "kustomize-controller"] as const;
const NAMESPACE = "ours";

/** A delivery by Flux to some clusters, and a program that has nothing in it. */
export class NoChangeWorld {
  readonly #sandbox: SandboxInfo;
  readonly #projects: Readonly<Record<"ours" | "empty program", Project>>;
  readonly #repository: { readonly cloneUrl: string; readonly fullName: string };

  private constructor(sandbox: SandboxInfo, repository: { cloneUrl: string; fullName: string }) {
    this.#sandbox = sandbox;
    this.#repository = repository;
    this.#projects = { ours: new Project(sandbox), "empty program": new Project(sandbox) };
  }

  /** Everything is delivered once when it returns. @throws when some cluster is not live then */
  static async start(bench: Bench, size: { clusters: number; count: number }): Promise<NoChangeWorld> {
    const clusters = clusterNames(size.clusters);
    const sandbox = await upSandbox({ name: "bench-b4-pull", clusters, onStep: (line) => bench.say(line) });
    await installFlux(sandbox, CONTROLLERS);
    const world = new NoChangeWorld(sandbox, await createRepository(sandbox.git, "deploy"));
    const agents = new Project(sandbox);
    await agents.program(sourcesOf(clusters, world.#repository.cloneUrl));
    await agents.up();
    agents.remove();
    await world.#projects["empty program"].program(EMPTY_PROGRAM);
    await world.#projects.ours.program(programOf(clusters, size.count, world.#repository.cloneUrl));
    await world.#projects.ours.up();
    const { record } = await world.#projects.ours.outputs<{ record: Record<string, { result: string }> }>();
    const late = Object.entries(record).filter(([, { result }]) => result !== "live");
    if (late.length > 0) throw new Error(`not live: ${JSON.stringify(Object.fromEntries(late))}`);
    return world;
  }

  async stop(): Promise<void> {
    for (const project of Object.values(this.#projects)) project.remove();
    await downSandbox(this.#sandbox.name);
  }

  async up(who: "ours" | "empty program"): Promise<Ran> {
    const { root, env } = this.#projects[who];
    return timed("pulumi", UP, { cwd: root, env });
  }

  /** What would be another if anything were written: the objects in all clusters, and the branch. */
  async written(): Promise<string[]> {
    const lists = this.#sandbox.clusters.map(({ kubeconfig }) =>
      openKubeconfig(kubeconfig).list({ apiVersion: "v1", kind: "ConfigMap" }, { namespace: NAMESPACE }),
    );
    const versions = (await Promise.all(lists)).flat().map(({ metadata }) => metadata.resourceVersion);
    const path = `/repos/${this.#repository.fullName}/branches/deploy/shop/dev`;
    const { body } = await callApi<{ commit: { sha: string } }>(this.#sandbox.git, "GET", path);
    return [...versions, body.commit.sha];
  }
}

/** What the stack of the agents has beside them, as docs/pull.md says it for many clusters. */
function sourcesOf(clusters: readonly string[], repository: string): string {
  return `
const { FluxSource } = require("pulumi-delivery");
for (const name of ${JSON.stringify(clusters)}) {
  new FluxSource(name, {
    app: "shop", namespace: "${NAMESPACE}", cluster: { name, context: name },
    repository: "${repository}", branch: "deploy/shop/dev", interval: "1h", healInterval: "1h",
    kinds: [{ apiVersion: "v1", kind: "ConfigMap" }],
  });
}
`;
}

function programOf(clusters: readonly string[], count: number, repository: string): string {
  return `
const { PullDelivery } = require("pulumi-delivery");
const delivery = new PullDelivery("shop", {
  namespace: "${NAMESPACE}",
  clusters: ${JSON.stringify(clusters)}.map((name) => ({ name, context: name })),
  ledger: { repository: "${repository}" },
  sources: "elsewhere",
  manifests: Array.from({ length: ${count} }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "config-" + index },
    data: { value: "unchanged" },
  })),
});
exports.record = delivery.record;
`;
}

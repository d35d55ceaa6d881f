import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openKubeconfig } from "../../../../sandbox/clusters/index.ts";
import { createRepository } from "../../../../sandbox/git/index.ts";
import type { ClusterApi } from "../../../../sandbox/clusters/index.ts";
import type { SandboxInfo } from "../../../../sandbox/info.ts";
import { run } from "../../../../sandbox/processes/index.ts";
import { clusterNames, downSandbox, upSandbox } from "../../../../sandbox/sandbox.ts";
import { Project } from "../../../support/project.ts";
import { openWays } from "../../../support/ways.ts";
import type { Ways } from "../../../support/ways.ts";
import type { Bench } from "../../contract.ts";
import { timed, tryTimed } from "../../runner/index.ts";
import type { Ran } from "../../runner/index.ts";
import { kubectlEnv } from "../kubectl.ts";
import { EMPTY_PROGRAM, objectsYaml, ourProgram, plainProgram } from "./programs.ts";
import type { ClientRate, Objects } from "./programs.ts";

/**
 * What is delivered with, and the namespace that it delivers to: one for each, since two programs that apply the same
 * object would be in conflict.
 */
const NAMESPACES = {
  ours: "ours",
  "ours, with a ledger": "ours-told",
  "plain Pulumi": "plain",
  "plain Pulumi, mutable": "plain-mutable",
  "empty program": "none",
  "kubectl, one by one": "kubectl",
  "kubectl, 10 at once": "kubectl",
} as const;
/** A plain program with mutable ConfigMaps and another client rate, as `rate 200/400`. */
export type RateDeliverer = `rate ${number}/${number}`;
export type Deliverer = keyof typeof NAMESPACES | RateDeliverer;
export type PulumiDeliverer = Exclude<Deliverer, `kubectl${string}`>;

const namespaceOf = (who: Deliverer): string =>
  isRate(who) ? who.replaceAll(/[^0-9a-z]+/g, "-") : NAMESPACES[who];

const UP = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", "dev"];
const AT_ONCE = 10;

/** Clusters of the sandbox, ways to them that can be broken, and a Pulumi project for each program. */
export class PushWorld {
  readonly clusters: readonly string[];
  readonly ways: Ways;
  readonly #sandbox: SandboxInfo;
  readonly #projects = new Map<PulumiDeliverer, Project>();
  readonly #apis: ReadonlyMap<string, ClusterApi>;
  #address: Promise<string> | undefined;

  private constructor(sandbox: SandboxInfo, ways: Ways) {
    this.#sandbox = sandbox;
    this.ways = ways;
    this.clusters = sandbox.clusters.map(({ name }) => name);
    this.#apis = new Map(sandbox.clusters.map(({ name, kubeconfig }) => [name, openKubeconfig(kubeconfig)]));
  }

  /** @param name of the sandbox, of which there is one at a time */
  static async start(bench: Bench, name: string, clusters: number): Promise<PushWorld> {
    const sandbox = await upSandbox({
      name,
      clusters: clusterNames(clusters),
      onStep: (line) => bench.say(line),
    });
    return new PushWorld(sandbox, await openWays(sandbox, "bench"));
  }

  async stop(): Promise<void> {
    for (const project of this.#projects.values()) project.remove();
    await this.ways.close();
    await downSandbox(this.#sandbox.name);
  }

  /** One delivery of these objects to every cluster, from a start to the end of it. */
  async deliver(who: Deliverer, objects: Objects): Promise<Ran> {
    const ran = await this.tryDeliver(who, objects);
    if (ran.code === 0) return ran;
    throw new Error(
      `${who} ended with code ${ran.code}:\n${ran.stdout.slice(-3000)}\n${ran.stderr.slice(-3000)}`,
    );
  }

  async tryDeliver(who: Deliverer, objects: Objects): Promise<Ran> {
    if (isKubectl(who)) return this.#kubectl(objects, who === "kubectl, 10 at once" ? AT_ONCE : 1);
    const project = await this.#project(who);
    project.write("index.js", await this.#source(who, objects));
    return tryTimed("pulumi", UP, { cwd: project.root, env: project.env });
  }

  /** The same, and @throws when a cluster does not have all of the objects afterwards. */
  async deliverChecked(who: Deliverer, objects: Objects): Promise<void> {
    await this.deliver(who, objects);
    const without = await this.without(who, objects);
    if (without.length > 0) throw new Error(`${who} left ${without.join(", ")} without its objects`);
  }

  /** Clusters that do not have exactly these objects. */
  async without(who: Deliverer, { count, value }: Objects, clusters = this.clusters): Promise<string[]> {
    const namespace = namespaceOf(who);
    const checks = clusters.map(async (cluster) => {
      const query = { namespace };
      const found = await this.#apis.get(cluster)!.list({ apiVersion: "v1", kind: "ConfigMap" }, query);
      const values = found
        .filter(({ metadata }) => metadata.name.startsWith("config-"))
        .map((object) => (object["data"] as Record<string, string> | undefined)?.["value"]);
      return values.length === count && values.every((one) => one === value) ? [] : [cluster];
    });
    return (await Promise.all(checks)).flat();
  }

  /** Objects of a delivery in all clusters, by version: what is written changes its version. */
  async versions(who: Deliverer): Promise<string[]> {
    const lists = [...this.#apis.values()].map((api) =>
      api.list({ apiVersion: "v1", kind: "ConfigMap" }, { namespace: namespaceOf(who) }),
    );
    return (await Promise.all(lists))
      .flat()
      .map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`)
      .sort();
  }

  /** The tip of the ledger's branch: what is published is another one. */
  async tip(): Promise<string> {
    const { git, env } = this.#sandbox;
    const url = new URL(await this.#ledger());
    [url.username, url.password] = ["bench", git.token];
    return run("git", ["ls-remote", url.href, "refs/heads/deploy/*"], { env });
  }

  async pulumiVersion(): Promise<string> {
    return (await timed("pulumi", ["version"], { env: this.#sandbox.env })).stdout.trim();
  }

  async #kubectl(objects: Objects, atOnce: number): Promise<Ran> {
    const file = join(this.#sandbox.dir, "objects.yaml");
    writeFileSync(file, objectsYaml(objects));
    const env = kubectlEnv(this.#sandbox, this.ways.kubeconfig);
    const begun = performance.now();
    const waiting = [...this.clusters];
    const rans: Ran[] = [];
    const work = async (): Promise<void> => {
      for (let cluster = waiting.shift(); cluster !== undefined; cluster = waiting.shift()) {
        const args = ["--context", cluster, "apply", "--server-side", "--filename", file];
        rans.push(await timed("kubectl", args, { env }));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const peakMiB = Math.max(...rans.map((ran) => ran.peakMiB)) * Math.min(atOnce, this.clusters.length);
    return { code: 0, ms: performance.now() - begun, peakMiB, stdout: "", stderr: "" };
  }

  async #project(who: PulumiDeliverer): Promise<Project> {
    const known = this.#projects.get(who);
    if (known !== undefined) return known;
    const env = { ...this.#sandbox.env, KUBECONFIG: this.ways.kubeconfig };
    const project = new Project({ ...this.#sandbox, env });
    await project.program(EMPTY_PROGRAM);
    this.#projects.set(who, project);
    return project;
  }

  async #source(who: PulumiDeliverer, objects: Objects): Promise<string> {
    const { clusters } = this;
    const namespace = namespaceOf(who);
    switch (who) {
      case "ours":
        return ourProgram(clusters, objects, namespace);
      case "ours, with a ledger":
        return ourProgram(clusters, objects, namespace, await this.#ledger());
      case "plain Pulumi":
        return plainProgram(clusters, objects, namespace);
      case "plain Pulumi, mutable":
        return plainProgram(clusters, objects, namespace, { mutable: true });
      case "empty program":
        return EMPTY_PROGRAM;
      default:
        return plainProgram(clusters, objects, namespace, { mutable: true, rate: rateOf(who) });
    }
  }

  #ledger(): Promise<string> {
    const make = (): Promise<{ cloneUrl: string }> =>
      createRepository(this.#sandbox.git, "bench-ledger", { private: true });
    this.#address ??= make().then(({ cloneUrl }) => cloneUrl);
    return this.#address;
  }
}

const isRate = (who: Deliverer): who is RateDeliverer => who.startsWith("rate ");

function rateOf(who: RateDeliverer): ClientRate {
  const [qps = 0, burst = 0] = who.slice("rate ".length).split("/").map(Number);
  return { qps, burst };
}

function isKubectl(who: Deliverer): who is Exclude<Deliverer, PulumiDeliverer> {
  return who.startsWith("kubectl");
}

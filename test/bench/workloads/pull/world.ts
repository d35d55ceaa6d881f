import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openKubeconfig } from "../../../../sandbox/clusters/index.ts";
import type { ClusterApi, ClusterInfo, KubeObject } from "../../../../sandbox/clusters/index.ts";
import { FLUX_NAMESPACE } from "../../../../sandbox/flux/index.ts";
import { callApi, createRepository, gitCredentials } from "../../../../sandbox/git/index.ts";
import type { SandboxInfo } from "../../../../sandbox/info.ts";
import { run } from "../../../../sandbox/processes/index.ts";
import { clusterNames, downSandbox, upSandbox } from "../../../../sandbox/sandbox.ts";
import { FLUX_CONTROLLERS } from "../../../../sandbox/toolchain/index.ts";
import type { Bench, Sample } from "../../contract.ts";
import { kubectlEnv } from "../kubectl.ts";
import { installFlux } from "./agents.ts";
import { folderOf, handWritten, nameOf, ourObjects } from "./objects.ts";
import type { Author, BenchObject, StackSpec } from "./objects.ts";

const TOKEN = "a-token-of-the-benchmark";
/** Objects of each stack. */
const OBJECTS = 5;
/** How long a push may take to be applied, in milliseconds. */
const PATIENCE_MS = 180_000;
/** Between two looks, in milliseconds: at one stack, and at many, which cost the API server more. */
const LOOK_MS = { one: 20, many: 150 };
const KUSTOMIZATION = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };
const SOURCE = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository" };
const REQUEST = "reconcile.fluxcd.io/requestedAt";

/** How Flux hears of a push: its server calls, or it is told, as `flux reconcile` does. */
export type Trigger = "webhook" | "request";

/** When a push was seen, and when it was applied and healthy in all stacks, in milliseconds after it had arrived. */
export interface Applied extends Sample {
  readonly seenMs: number;
}

/** The commit that each stack is to get to, by its name. */
export type Commits = ReadonlyMap<string, string>;

/** Stacks of one author, with a repository of their own and a branch for each. */
export class Stacks {
  readonly specs: readonly StackSpec[];
  readonly #world: PullWorld;
  readonly #clone: string;
  #serial = 0;

  constructor(world: PullWorld, specs: readonly StackSpec[], clone: string) {
    this.#world = world;
    this.specs = specs;
    this.#clone = clone;
  }

  /** Pushes another content for all stacks in one push, and waits until it is applied everywhere. */
  async deliver(trigger: Trigger): Promise<Applied> {
    const commits = await this.#commit();
    const branches = this.specs.map(({ branch }) => `refs/heads/${branch}`);
    await this.#world.git(this.#clone, ["push", "--quiet", "origin", ...branches]);
    const begun = performance.now();
    if (trigger === "request") await this.#world.request(this.specs);
    const seenMs = (await this.#world.until(SOURCE, commits)) - begun;
    const ms = (await this.#world.until(KUSTOMIZATION, commits)) - begun;
    return { ms, seenMs };
  }

  /** One commit on the branch of each stack. */
  async #commit(): Promise<Commits> {
    const serial = this.#serial++;
    const stream = this.specs.map((spec) => commitOf(spec, serial)).join("");
    await this.#world.git(this.#clone, ["fast-import", "--quiet"], stream);
    const format = "--format=%(refname:short) %(objectname)";
    const refs = await this.#world.git(this.#clone, ["for-each-ref", format, "refs/heads"]);
    const heads = new Map(refs.split("\n").map((line) => line.split(" ") as [string, string]));
    return new Map(this.specs.map(({ name, branch }) => [name, heads.get(branch)!]));
  }
}

/** As `git fast-import` reads it. */
function commitOf({ name, cluster, branch }: StackSpec, serial: number): string {
  const files = Array.from({ length: OBJECTS }, (_, index) => {
    const metadata = `{ name: config-${index}, namespace: ${name} }`;
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\ndata: { value: value ${serial} }\n`;
    return `M 100644 inline ${folderOf(cluster)}/config-${index}.yaml\n${data(text)}`;
  });
  const head = `commit refs/heads/${branch}\ncommitter bench <bench@example.com> ${1_700_000_000 + serial} +0000\n`;
  const from = serial === 0 ? "" : `from refs/heads/${branch}^0\n`;
  return `${head}${data(`value ${serial}`)}${from}${files.join("")}\n`;
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** A cluster with Flux, as the library installs it, and stacks by us and by hand in it. */
export class PullWorld {
  readonly #sandbox: SandboxInfo;
  readonly #cluster: ClusterInfo;
  readonly #api: ClusterApi;
  readonly #receiver: string;

  private constructor(sandbox: SandboxInfo, receiver: string) {
    this.#sandbox = sandbox;
    this.#cluster = sandbox.clusters[0]!;
    this.#api = openKubeconfig(this.#cluster.kubeconfig);
    this.#receiver = receiver;
  }

  static async start(bench: Bench, name: string): Promise<PullWorld> {
    const sandbox = await upSandbox({ name, clusters: clusterNames(1), onStep: (line) => bench.say(line) });
    const [receiver] = await installFlux(sandbox, FLUX_CONTROLLERS);
    return new PullWorld(sandbox, receiver!);
  }

  async stop(): Promise<void> {
    await downSandbox(this.#sandbox.name);
  }

  /** Stacks that have delivered once. @param hooked whether the repository's server tells Flux of every push */
  async stacks(author: Author, count: number, hooked: boolean): Promise<Stacks> {
    const { git, dir } = this.#sandbox;
    const name = `${author.replace(" ", "-")}-${count}`;
    const { cloneUrl: repository, fullName } = await createRepository(git, name, { autoInit: true });
    const kubeconfig = readFileSync(this.#cluster.kubeconfig, "utf8");
    const specs = Array.from({ length: count }, (_, index): StackSpec => {
      const stack = `${name}-${index}`;
      const place = { cluster: this.#cluster.name, kubeconfig, repository };
      return { name: stack, ...place, branch: stack, token: TOKEN };
    });
    const clone = join(dir, `clone-${name}`);
    await this.git(dir, ["clone", "--quiet", "--bare", repository, clone]);
    const stacks = new Stacks(this, specs, clone);
    const objects = author === "ours" ? await ourObjects(specs) : specs.flatMap(handWritten);
    await this.#apply(name, objects);
    if (hooked) for (const spec of specs) await this.#hook(fullName, spec);
    await stacks.deliver("request");
    return stacks;
  }

  /** @throws with what Git says */
  async git(cwd: string, args: readonly string[], input?: string): Promise<string> {
    const who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
    const env = { PATH: process.env["PATH"], HOME: "/nonexistent", ...gitCredentials(this.#sandbox.git) };
    return run("git", [...who, ...args], { cwd, env, ...(input === undefined ? {} : { input }) });
  }

  async #apply(name: string, objects: readonly BenchObject[]): Promise<void> {
    const file = join(this.#sandbox.dir, `${name}.json`);
    const items = [...objects].sort(
      (a, b) => Number(b.kind === "Namespace") - Number(a.kind === "Namespace"),
    );
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const env = kubectlEnv(this.#sandbox, this.#cluster.kubeconfig);
    await run("kubectl", ["apply", "--server-side", "--filename", file], { env });
  }

  /** The path is the one that Flux gives the receiver. */
  async #hook(fullName: string, spec: StackSpec): Promise<void> {
    const receiver = { apiVersion: "notification.toolkit.fluxcd.io/v1", kind: "Receiver" };
    const metadata = { name: nameOf(spec), namespace: spec.name };
    const ready = (found: KubeObject | undefined): boolean => found?.status?.["webhookPath"] !== undefined;
    const found = await this.#api.until({ ...receiver, metadata }, ready, PATIENCE_MS);
    const url = `${this.#receiver}${String(found!.status!["webhookPath"])}`;
    const body = { events: ["push"], config: { url, content_type: "json", secret: TOKEN } };
    const { status } = await callApi(this.#sandbox.git, "POST", `/repos/${fullName}/hooks`, { body });
    if (status !== 201) throw new Error(`the webhook of ${fullName} was answered ${status}`);
  }

  /** Asks Flux to look at the sources at once. */
  async request(specs: readonly StackSpec[]): Promise<void> {
    const body = { metadata: { annotations: { [REQUEST]: String(performance.now()) } } };
    await Promise.all(
      specs.map(async (spec) => {
        const path = `/apis/${SOURCE.apiVersion}/namespaces/${spec.name}/gitrepositories/${nameOf(spec)}`;
        const contentType = "application/merge-patch+json";
        const { status, text } = await this.#api.send({ method: "PATCH", path, body, contentType });
        if (status !== 200) throw new Error(`${spec.name}: ${text}`);
      }),
    );
  }

  /** When all of these have their commit and are ready. */
  async until(kind: typeof SOURCE, commits: Commits): Promise<number> {
    const end = performance.now() + PATIENCE_MS;
    let open: readonly string[] = [];
    while (performance.now() < end) {
      const objects = await this.#all(kind, commits);
      const done = new Set(
        objects
          .filter((object) => has(kind.kind, object, commits.get(object.metadata.namespace!)))
          .map(({ metadata }) => metadata.namespace),
      );
      if (done.size === commits.size) return performance.now();
      open = [...commits.keys()].filter((name) => !done.has(name));
      await sleep(commits.size === 1 ? LOOK_MS.one : LOOK_MS.many);
    }
    throw new Error(`${kind.kind} of ${open.slice(0, 5).join(", ")} did not get to its commit`);
  }

  async #all(kind: typeof SOURCE, commits: Commits): Promise<KubeObject[]> {
    const [only] = commits.keys();
    return this.#api.list(kind, commits.size === 1 ? { namespace: only! } : {});
  }

  async fluxVersion(): Promise<string> {
    const metadata = { name: "kustomize-controller", namespace: FLUX_NAMESPACE };
    const found = await this.#api.get({ apiVersion: "apps/v1", kind: "Deployment", metadata });
    return found?.metadata.labels?.["app.kubernetes.io/version"] ?? "unknown";
  }
}

/** Whether a GitRepository has fetched the commit, or a Kustomization has applied it and all of it is healthy. */
function has(kind: string, { status = {}, metadata }: KubeObject, commit: string | undefined): boolean {
  const {
    artifact,
    lastAppliedRevision,
    conditions = [],
  } = status as {
    readonly artifact?: { readonly revision: string };
    readonly lastAppliedRevision?: string;
    readonly conditions?: readonly { type: string; status: string; observedGeneration?: number }[];
  };
  if (commit === undefined) return false;
  if (kind === SOURCE.kind) return artifact?.revision.endsWith(commit) ?? false;
  const ready = conditions.find(({ type }) => type === "Ready");
  const isReady = ready?.status === "True" && ready.observedGeneration === metadata.generation;
  return isReady && (lastAppliedRevision?.endsWith(commit) ?? false);
}

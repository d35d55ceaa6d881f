import { openKubeconfig } from "../../sandbox/clusters/index.ts";
import type { ClusterApi, KubeObject } from "../../sandbox/clusters/index.ts";
import type { SandboxInfo } from "../../sandbox/info.ts";

const KINDS = [
  ["v1", "ConfigMap"],
  ["v1", "Secret"],
  ["v1", "Service"],
  ["v1", "ServiceAccount"],
  ["apps/v1", "Deployment"],
] as const;

/** More CPU than a node of the sandbox has: no pod that asks for it is ever placed. */
export const TOO_MUCH_CPU = "100";

/** What every namespace gets from the controllers of its cluster. */
const GIVEN = ["ConfigMap/kube-root-ca.crt", "ServiceAccount/default"];

/** Objects by `Kind/name`. */
export type Objects = Readonly<Record<string, KubeObject>>;

/** One namespace of one cluster of a sandbox, past every fault of the ways to it. */
export class Namespace {
  readonly api: ClusterApi;
  readonly name: string;

  constructor({ clusters }: SandboxInfo, cluster: string, name: string) {
    this.api = openKubeconfig(clusters.find((info) => info.name === cluster)!.kubeconfig);
    this.name = name;
  }

  /** The namespace itself; undefined when it is not there. */
  async itself(): Promise<KubeObject | undefined> {
    return this.api.get({ apiVersion: "v1", kind: "Namespace", metadata: { name: this.name } });
  }

  /** Takes it out of the cluster, which empties it by itself. */
  async remove(): Promise<void> {
    const itself = { apiVersion: "v1", kind: "Namespace", metadata: { name: this.name } };
    if ((await this.api.get(itself)) !== undefined) await this.api.remove(itself);
  }

  /** What a delivery may have put there; not what controllers make of it. */
  async objects(): Promise<Objects> {
    const lists = await Promise.all(
      KINDS.map(async ([apiVersion, kind]) => {
        const found = await this.api.list({ apiVersion, kind }, { namespace: this.name });
        return found.map((object) => [`${kind}/${object.metadata.name}`, object] as const);
      }),
    );
    return Object.fromEntries(lists.flat().filter(([key]) => !GIVEN.includes(key)));
  }

  /** What a ConfigMap has; nothing when it is not there. */
  async configMap(name: string): Promise<Readonly<Record<string, unknown>>> {
    const metadata = { namespace: this.name, name };
    const found = await this.api.get({ apiVersion: "v1", kind: "ConfigMap", metadata });
    return (found?.data ?? {}) as Readonly<Record<string, unknown>>;
  }

  /** Kinds and names, sorted. */
  async names(): Promise<string[]> {
    return Object.keys(await this.objects()).sort();
  }

  /** What would be another if an object were made anew, by `Kind/name`. */
  async uids(): Promise<Record<string, string>> {
    return this.#each(({ metadata }) => metadata.uid);
  }

  /**
   * What would be another if anything were changed, by `Kind/name`: the version, or the generation of a Deployment,
   * whose status the controllers go on writing.
   */
  async versions(): Promise<Record<string, string>> {
    return this.#each(({ metadata }) => `${metadata.uid} ${metadata.generation ?? metadata.resourceVersion}`);
  }

  /** The pods that run, by their ids. */
  async pods(): Promise<string[]> {
    const pods = await this.api.list({ apiVersion: "v1", kind: "Pod" }, { namespace: this.name });
    return pods
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.uid)
      .sort();
  }

  async #each(value: (object: KubeObject) => string): Promise<Record<string, string>> {
    const objects = await this.objects();
    return Object.fromEntries(Object.entries(objects).map(([key, object]) => [key, value(object)]));
  }
}

import { systemEnvironment } from "../../environment";
import type { Environment } from "../../environment";
import { groupOf } from "../../manifests/manifest";
import { openAccess } from "./access";
import type { ClusterAccess } from "./access";
import { openEndpoint } from "./http";
import type { Answer, Call } from "./http";

/** What every object of a cluster has; other fields are read with care. */
export interface LiveObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An object by its address. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Objects of one kind. */
export interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** @default every namespace */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** The API server refused a request. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** That of HTTP. */
  readonly status: number;
  /** What the server says of it. */
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(`the API server answered ${status}: ${reason}`);
    this.status = status;
    this.reason = reason;
  }
}

/** Sends one request; every status is an answer. It throws `UnreachableError`. */
export type Send = (call: Call) => Promise<Answer>;

/**
 * The API of one cluster, for reading and for the little that a check has to make. Every method throws
 * {@link ApiError} when the server refuses and `UnreachableError` when there is none.
 */
export class ClusterApi {
  readonly send: Send;
  /** The server's clock at its first answer, in milliseconds: what is later has happened since. */
  openedAt: number | undefined;
  readonly #served = new Map<string, Promise<readonly Resource[]>>();

  constructor(send: Send) {
    this.send = send;
  }

  /** @returns undefined when there is no such object, or no such kind */
  async get(ref: ObjectRef): Promise<LiveObject | undefined> {
    const path = await this.#path(ref, ref.name);
    return path === undefined ? undefined : this.#ask<LiveObject>({ method: "GET", path });
  }

  /** @returns none when there is no such kind */
  async list(query: ListQuery): Promise<readonly LiveObject[]> {
    const path = await this.#path(query);
    if (path === undefined) return [];
    const { labelSelector, fieldSelector } = query;
    const selectors = Object.entries({ labelSelector, fieldSelector }).filter(
      (selector): selector is [string, string] => selector[1] !== undefined,
    );
    const search = new URLSearchParams(selectors).toString();
    const found = await this.#ask<{ items?: LiveObject[] }>({ method: "GET", path: `${path}?${search}` });
    return found?.items ?? [];
  }

  async create(ref: ObjectRef, object: object): Promise<void> {
    const path = await this.#path({ apiVersion: ref.apiVersion, kind: ref.kind, ...inNamespace(ref) });
    if (path === undefined) throw new ApiError(404, `it serves no kind ${ref.kind} in ${ref.apiVersion}`);
    await this.#ask({ method: "POST", path, body: object });
  }

  /**
   * Changes the fields that `patch` has, by a JSON merge patch.
   *
   * @returns the object as it is then; undefined when it is not there
   */
  async merge(ref: ObjectRef, patch: object): Promise<LiveObject | undefined> {
    const path = await this.#path(ref, ref.name);
    if (path === undefined) return undefined;
    return this.#ask({ method: "PATCH", path, body: patch, contentType: "application/merge-patch+json" });
  }

  /** In the background; no error when it is not there. */
  async remove(ref: ObjectRef): Promise<void> {
    const path = await this.#path(ref, ref.name);
    if (path === undefined) return;
    await this.#ask({ method: "DELETE", path, body: { propagationPolicy: "Background" } });
  }

  async #path(query: ListQuery, name?: string): Promise<string | undefined> {
    const resource = await this.#resource(query);
    return resource === undefined ? undefined : pathTo(resource, query, name);
  }

  /** What was not served is asked again: a custom kind's definition may have come since. */
  async #resource({ apiVersion, kind }: ListQuery): Promise<Resource | undefined> {
    const find = (resources: readonly Resource[]): Resource | undefined =>
      resources.find((resource) => resource.kind === kind && !resource.name.includes("/"));
    const before = await this.#served.get(apiVersion)?.catch(() => undefined);
    const known = find(before ?? []);
    if (known !== undefined) return known;
    const asked = this.#ask<{ resources?: Resource[] }>({ method: "GET", path: groupPath(apiVersion) });
    this.#served.set(
      apiVersion,
      asked.then((answer) => answer?.resources ?? []),
    );
    return find(await this.#served.get(apiVersion)!);
  }

  /** What was asked for; undefined for 404. */
  async #ask<T>(call: Call): Promise<T | undefined> {
    const { status, text, at } = await this.send(call);
    this.openedAt ??= at;
    if (status === 404) return undefined;
    if (status >= 400) throw new ApiError(status, reasonOf(text));
    return JSON.parse(text) as T;
  }
}

/**
 * Opens the API of a cluster. Nothing is sent yet.
 *
 * @param cluster its name, for errors
 * @throws Mistake with every problem of the kubeconfig
 */
export function openCluster(
  cluster: string,
  access: ClusterAccess,
  environment: Environment = systemEnvironment(),
): ClusterApi {
  return new ClusterApi(openEndpoint(openAccess(cluster, access, environment)));
}

const inNamespace = ({ namespace }: ObjectRef): { namespace?: string } =>
  namespace === undefined ? {} : { namespace };

/** The part of discovery (`APIResourceList`) that says how a kind is addressed. */
interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Where the kinds of an API version are: the core group has a path of its own. */
function groupPath(apiVersion: string): string {
  return groupOf({ apiVersion }) === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
}

function pathTo(resource: Resource, { apiVersion, namespace }: ListQuery, name: string | undefined): string {
  const inside = resource.namespaced && namespace !== undefined;
  const scope = inside ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  const object = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${groupPath(apiVersion)}${scope}/${resource.name}${object}`;
}

/** The most of an answer that is repeated where it is no `Status`: it may be a page of a gateway. */
const MAX_REASON = 300;

function reasonOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // It is no JSON, so it is shown as it is.
  }
  return text.slice(0, MAX_REASON);
}

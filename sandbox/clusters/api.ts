import { waitUntil } from "../processes/index.ts";
import { caller } from "./http.ts";
import type { Answer, Call, Endpoint } from "./http.ts";
import { readAccess } from "./kubeconfig.ts";
import { findResource, groupPath, listPath, objectPath } from "./resources.ts";
import type { KindRef, KubeObject, ListQuery, ObjectRef } from "./objects.ts";
import type { Resource } from "./resources.ts";

/** Who owns the fields that {@link ClusterApi.apply} sets. */
export const FIELD_MANAGER = "sandbox";
/** How long {@link ClusterApi.until} waits, in milliseconds. */
export const DEFAULT_UNTIL_MS = 30_000;

/** The API server refused a request; `status` is that of HTTP. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(call: Call, answer: Answer) {
    super(`${call.method} ${call.path} was answered ${answer.status}: ${reason(answer.text)}`);
    this.status = answer.status;
  }
}

function reason(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}

/** The API of a cluster as one identity sees it. For tests and for starting the sandbox: errors are not tried again. */
export class ClusterApi {
  /** Any request. Every status is an answer; only a failed connection throws. */
  readonly send: (call: Call) => Promise<Answer>;
  readonly #served = new Map<string, readonly Resource[]>();

  constructor(endpoint: Endpoint) {
    this.send = caller(endpoint);
  }

  /** @returns undefined when there is no such object, or no such kind */
  async get<T extends KubeObject = KubeObject>(ref: ObjectRef): Promise<T | undefined> {
    const resource = await this.#resource(ref);
    if (resource === undefined) return undefined;
    return this.#ask<T>({ method: "GET", path: objectPath(resource, ref) });
  }

  async list<T extends KubeObject = KubeObject>(kind: KindRef, query: ListQuery = {}): Promise<T[]> {
    const path = listPath(await this.#needed(kind), kind, query);
    const found = await this.#ask<{ items: T[] }>({ method: "GET", path });
    return found?.items ?? [];
  }

  /** Applies on the server's side under {@link FIELD_MANAGER}, taking over the fields that others own. */
  async apply<T extends KubeObject = KubeObject>(object: ObjectRef): Promise<T> {
    const path = `${objectPath(await this.#needed(object), object)}?fieldManager=${FIELD_MANAGER}&force=true`;
    const call = {
      method: "PATCH",
      path,
      body: object,
      contentType: "application/apply-patch+yaml",
    } as const;
    const answer = await this.send(call);
    if (answer.status >= 400) throw new ApiError(call, answer);
    return JSON.parse(answer.text) as T;
  }

  /** Posts the object, unless one of that name is there: that one is left as it is. */
  async create(object: ObjectRef): Promise<void> {
    const path = objectPath(await this.#needed(object), object);
    const call = { method: "POST", path: path.slice(0, path.lastIndexOf("/")), body: object } as const;
    const answer = await this.send(call);
    if (answer.status >= 400 && answer.status !== 409) throw new ApiError(call, answer);
  }

  /** Deletes, and what it owns in the background; no error when it is not there. It may be there until its finalizers are done. */
  async remove(ref: ObjectRef): Promise<void> {
    const path = objectPath(await this.#needed(ref), ref);
    await this.#ask({ method: "DELETE", path, body: { propagationPolicy: "Background" } });
  }

  /**
   * Asks again and again until the object (undefined: there is none) is as wanted, and returns it.
   *
   * @param timeoutMs @default {@link DEFAULT_UNTIL_MS}
   * @throws when it was not as wanted in time; the message has its last status
   */
  async until<T extends KubeObject = KubeObject>(
    ref: ObjectRef,
    wanted: (object: T | undefined) => boolean,
    timeoutMs = DEFAULT_UNTIL_MS,
  ): Promise<T | undefined> {
    let last = "";
    let seen: T | undefined;
    const look = async (): Promise<boolean> => {
      seen = await this.get<T>(ref);
      last = seen === undefined ? "it is not there" : JSON.stringify(seen.status ?? {});
      return wanted(seen);
    };
    const noting = (error: unknown): boolean => ((last = String(error)), false);
    if (await waitUntil(() => look().catch(noting), timeoutMs)) return seen;
    throw new Error(`${describe(ref)} was not as wanted within ${timeoutMs / 1000} s. Last seen: ${last}`);
  }

  /** What was asked for, or undefined for 404. */
  async #ask<T>(call: Call): Promise<T | undefined> {
    const answer = await this.send(call);
    if (answer.status === 404) return undefined;
    if (answer.status >= 400) throw new ApiError(call, answer);
    return JSON.parse(answer.text) as T;
  }

  async #needed(kind: KindRef): Promise<Resource> {
    const resource = await this.#resource(kind);
    if (resource !== undefined) return resource;
    throw new Error(`This cluster serves no kind ${kind.kind} in ${kind.apiVersion}.`);
  }

  /** What was not served is asked again: a custom resource's definition may have come since. */
  async #resource({ apiVersion, kind }: KindRef): Promise<Resource | undefined> {
    const known = findResource(this.#served.get(apiVersion) ?? [], kind);
    if (known !== undefined) return known;
    const answer = await this.#ask<{ resources: Resource[] }>({ method: "GET", path: groupPath(apiVersion) });
    this.#served.set(apiVersion, answer?.resources ?? []);
    return findResource(answer?.resources ?? [], kind);
  }
}

/** The API of the cluster that a kubeconfig of this sandbox names. @param context @default the current one */
export function openKubeconfig(path: string, context?: string): ClusterApi {
  return new ClusterApi(readAccess(path, context));
}

const describe = ({ kind, metadata }: ObjectRef): string =>
  metadata.namespace === undefined
    ? `${kind} ${metadata.name}`
    : `${kind} ${metadata.namespace}/${metadata.name}`;

import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { checkDnsLabel, shown } from "../../manifests/names";
import type { CheckTarget } from "../contract";

/** How long one request of a check may take, in milliseconds. */
export const HTTP_TIMEOUT_MS = 5000;
/** Most of an answer that is read, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** A Service in the namespace of the delivery, asked through the cluster's API server: it needs no ingress. */
export interface ServiceAddress {
  readonly service: string;
  /** Number or name of its port. */
  readonly port: number | string;
  /** @default "http" */
  readonly scheme?: "http" | "https";
  /** @default the delivery's namespace */
  readonly namespace?: string;
  readonly url?: never;
}

/** An address that whoever runs `pulumi up` can reach. */
export interface UrlAddress {
  /** `https://…`, or `http://…`; without credentials. */
  readonly url: string;
  readonly service?: never;
  readonly port?: never;
}

/** Where a check asks. */
export type Address = ServiceAddress | UrlAddress;

/** Problems of an address that stands at `at`. */
export function checkAddress(address: Address, at: string): string[] {
  if (address.url !== undefined) {
    return address.service === undefined
      ? checkUrl(address.url, at)
      : [`${at} has both url and service; give one`];
  }
  const { service, port, namespace } = address;
  if (service === undefined) return [`${at} has neither service nor url; give one`];
  const isPort =
    typeof port === "number"
      ? Number.isInteger(port) && port > 0 && port < 65536
      : /^[a-z0-9-]+$/.test(port ?? "");
  return [
    ...checkDnsLabel(`${at}.service`, service),
    ...(isPort ? [] : [`${at}.port is ${shown(port)}; give the number or the name of the Service's port`]),
    ...(namespace === undefined ? [] : checkDnsLabel(`${at}.namespace`, namespace)),
  ];
}

/** What is wrong with it is said without it, where it may hold a password. */
function checkUrl(text: unknown, at: string): string[] {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    return [`${at}.url is no http or https address; correct it`];
  }
  if (url.username === "" && url.password === "") return [];
  return [`${at}.url has credentials in it, which would be kept in the state; take them out`];
}

/** How messages name an address: its query may hold what is nobody's business. */
export function addressText(address: Address, path: string): string {
  if (address.url === undefined) return `${path} of Service ${address.service}`;
  const { origin, pathname } = new URL(address.url);
  return `${origin}${pathname === "/" && path !== "/" ? path : pathname}`;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** Asks once. @throws Error that says why there was no answer, and UnreachableError for a cluster that has none */
export function ask(
  address: Address,
  path: string,
  target: CheckTarget,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  if (address.url !== undefined) return askUrl(urlWith(address.url, path), headers);
  return target.api.send({
    method: "GET",
    path: proxyPath(address, path, target),
    timeoutMs: HTTP_TIMEOUT_MS,
  });
}

/** The path of a check goes below that of its address. */
function urlWith(text: string, path: string): URL {
  const url = new URL(text);
  if (path === "/") return url;
  const added = new URL(path, url.origin);
  url.pathname = url.pathname.replace(/\/$/, "") + added.pathname;
  if (added.search !== "") url.search = added.search;
  return url;
}

/** Source: Kubernetes, "Access Services Running on Clusters". */
function proxyPath(address: ServiceAddress, path: string, { namespace }: CheckTarget): string {
  const { service, port, scheme = "http" } = address;
  const name = `${scheme === "https" ? "https:" : ""}${service}:${port}`;
  return `/api/v1/namespaces/${address.namespace ?? namespace}/services/${name}/proxy${path}`;
}

function askUrl(url: URL, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> {
  const request = url.protocol === "https:" ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(HTTP_TIMEOUT_MS);
    const failed = ({ code, name, message }: NodeJS.ErrnoException): void => {
      const late = name === "TimeoutError" || code === "ABORT_ERR";
      reject(new Error(late ? `no answer within ${HTTP_TIMEOUT_MS / 1000} s` : (code ?? message)));
    };
    const sent = request(url, { headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BODY_BYTES) return void response.destroy(new Error("its answer is too long"));
        chunks.push(chunk);
      });
      response.on("error", failed);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    sent.on("error", failed);
    sent.end();
  });
}

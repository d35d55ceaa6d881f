import { request } from "node:http";
import type { RequestOptions } from "node:http";
import { text } from "node:stream/consumers";

/** How long an engine may take to answer, in milliseconds. */
const TIMEOUT_MS = 5_000;

export interface EngineReply {
  readonly status: number;
  readonly body: string;
}

/** Where requests to this DOCKER_HOST go; undefined for what cannot be an engine of this machine: TLS, SSH. */
export function engineAddress(host: string): RequestOptions | undefined {
  const socketPath = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
  if (socketPath !== undefined) return { socketPath };
  const [, name, port] = /^(?:tcp|http):\/\/(127\.0\.0\.1|localhost):(\d+)\/?$/.exec(host) ?? [];
  return name === undefined ? undefined : { host: name, port };
}

/** One request to the API of a Docker Engine. @throws when it does not answer */
export async function askEngine(address: RequestOptions, method: string, path: string): Promise<EngineReply> {
  return new Promise((resolve, reject) => {
    const options = { ...address, method, path, timeout: TIMEOUT_MS, agent: false };
    const outgoing = request(options, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("timeout")));
    outgoing.on("error", reject);
    outgoing.end();
  });
}

export interface EngineVersion {
  readonly version: string;
  /** The oldest version of the API that it still speaks. */
  readonly minApi: string;
}

/** @throws when it does not answer as an engine does */
export async function engineVersion(address: RequestOptions): Promise<EngineVersion> {
  const { status, body } = await askEngine(address, "GET", "/version");
  if (status !== 200) throw new Error(`GET /version: ${status}`);
  const { Version, MinAPIVersion = "1.12" } = JSON.parse(body) as { Version: string; MinAPIVersion?: string };
  return { version: Version, minApi: MinAPIVersion };
}

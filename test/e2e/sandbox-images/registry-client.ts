import { createHash, randomBytes } from "node:crypto";
import type { Credentials } from "../../../sandbox/images/index.ts";
import { ask } from "../sandbox-proxy/support.ts";
import type { Reply } from "../sandbox-proxy/support.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** One image of one layer, in the registry's own form. */
export interface SmallImage {
  readonly manifest: Buffer;
  readonly digest: string;
  readonly blobs: readonly Buffer[];
}

const descriptor = (mediaType: string, blob: Buffer): object => ({
  mediaType,
  digest: digestOf(blob),
  size: blob.length,
});

/** Another one at each call. */
export function smallImage(layerBytes = 2_000): SmallImage {
  const layer = randomBytes(layerBytes);
  const rootfs = { type: "layers", diff_ids: [digestOf(layer)] };
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", rootfs }));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: descriptor("application/vnd.oci.image.config.v1+json", config),
      layers: [descriptor("application/vnd.oci.image.layer.v1.tar", layer)],
    }),
  );
  return { manifest, digest: digestOf(manifest), blobs: [config, layer] };
}

/** The parameters of a `WWW-Authenticate` header. */
export function parameters(challenge = ""): Record<string, string> {
  const found = challenge.matchAll(/(\w+)="([^"]*)"/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name, value]));
}

export const basicHeader = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

type Headers = Readonly<Record<string, string>>;

/** One request to an absolute address, each on its own connection. */
export function send(method: string, url: string, headers: Headers = {}, body?: Buffer): Promise<Reply> {
  const { port, pathname, search } = new URL(url);
  return ask({ method, port, path: `${pathname}${search}`, headers }, body);
}

/** A client that does what the specification asks of one, and no more. */
export class RegistryClient {
  readonly #url: string;
  readonly #credentials: Credentials | undefined;

  constructor(url: string, credentials?: Credentials) {
    this.#url = url;
    this.#credentials = credentials;
  }

  /** A request, sent again with what the registry asks for when it asks. */
  async send(method: string, path: string, headers: Headers = {}, body?: Buffer): Promise<Reply> {
    const url = new URL(path, this.#url).href;
    const first = await send(method, url, headers, body);
    if (first.status !== 401) return first;
    const authorization = await this.#authorization(first.headers["www-authenticate"] ?? "");
    return send(method, url, { ...headers, ...authorization }, body);
  }

  async #authorization(challenge: string): Promise<Headers> {
    const basic: Headers = this.#credentials ? { authorization: basicHeader(this.#credentials) } : {};
    if (/^basic/i.test(challenge)) return basic;
    const { realm = "", service = "", scope = "" } = parameters(challenge);
    const reply = await send("GET", `${realm}?${new URLSearchParams({ service, scope })}`, basic);
    if (reply.status !== 200) throw new Error(`token service: ${reply.status} ${reply.body}`);
    return { authorization: `Bearer ${(JSON.parse(reply.body) as { token: string }).token}` };
  }

  /** @throws with the first status that is no success */
  async push(repository: string, tag: string, image: SmallImage): Promise<void> {
    for (const blob of image.blobs) await this.#pushBlob(repository, blob);
    const path = `/v2/${repository}/manifests/${tag}`;
    expectStatus(await this.send("PUT", path, { "content-type": MANIFEST }, image.manifest), 201);
  }

  async #pushBlob(repository: string, blob: Buffer): Promise<void> {
    const digest = digestOf(blob);
    if ((await this.send("HEAD", `/v2/${repository}/blobs/${digest}`)).status === 200) return;
    const begun = expectStatus(await this.send("POST", `/v2/${repository}/blobs/uploads/`), 202);
    const location = new URL(begun.headers.location ?? "", this.#url);
    location.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    expectStatus(await this.send("PUT", location.href, headers, blob), 201);
  }

  manifest(repository: string, reference: string, method = "GET"): Promise<Reply> {
    return this.send(method, `/v2/${repository}/manifests/${reference}`, { accept: MANIFEST });
  }

  /** The manifest, once everything of the image has been read and checked against its digests. */
  async pull(repository: string, digest: string): Promise<Buffer> {
    const manifest = expectStatus(await this.manifest(repository, digest), 200).bytes;
    const { config, layers } = JSON.parse(manifest.toString()) as { config: Blob; layers: Blob[] };
    for (const blob of [config, ...layers]) {
      const path = `/v2/${repository}/blobs/${blob.digest}`;
      if (digestOf(expectStatus(await this.send("GET", path), 200).bytes) !== blob.digest) {
        throw new Error(`the bytes of ${blob.digest} are others`);
      }
    }
    if (digestOf(manifest) !== digest) throw new Error("the manifest's bytes are not those of its digest");
    return manifest;
  }
}

interface Blob {
  readonly digest: string;
}

function expectStatus(reply: Reply, status: number): Reply {
  if (reply.status === status) return reply;
  throw new Error(`${reply.status} instead of ${status}: ${reply.body}`);
}

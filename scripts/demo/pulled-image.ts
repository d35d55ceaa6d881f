import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers, freePort, run, waitUntil } from "../../sandbox/processes/index.ts";

const ACCEPT =
  "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
const INDEX =
  "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";
const START_TIMEOUT_MS = 10_000;

interface Descriptor {
  readonly digest: string;
  readonly mediaType: string;
  readonly platform?: { readonly os: string };
}
interface ImageManifest {
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

/**
 * Pulls an image back by its digest, runs its binary on this machine and asks it how it is: KWOK's nodes run no
 * container, so this is where the demo shows that what was pushed is what was built.
 *
 * @returns the version that the binary says it has.
 */
export async function runPulledImage(ref: string, folder: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    for (const layer of await layersOf(ref)) await unpack(ref, layer, folder);
    return await askVersion(join(folder, "shop"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function layersOf(ref: string): Promise<readonly Descriptor[]> {
  const manifest = await getManifest(ref, ref.slice(ref.indexOf("@") + 1));
  if (manifest.layers !== undefined) return manifest.layers;
  const image = manifest.manifests?.find(({ platform }) => platform?.os === "linux");
  if (image === undefined) throw new Error(`${ref} has no image for Linux.`);
  return (await getManifest(ref, image.digest)).layers ?? [];
}

async function getManifest(ref: string, digest: string): Promise<ImageManifest> {
  const bytes = await get(ref, `manifests/${digest}`, digest);
  return JSON.parse(bytes.toString("utf8")) as ImageManifest;
}

async function unpack(ref: string, { digest, mediaType }: Descriptor, folder: string): Promise<void> {
  const layer = join(folder, "layer.tar");
  writeFileSync(layer, await get(ref, `blobs/${digest}`, digest));
  await run("tar", [
    "--extract",
    mediaType.endsWith("gzip") ? "--gzip" : "--no-auto-compress",
    "--file",
    layer,
    "--directory",
    folder,
  ]);
}

/** The bytes with that digest; refused when they have another one. */
async function get(ref: string, what: string, digest: string): Promise<Buffer> {
  const [host, ...repository] = ref.slice(0, ref.indexOf("@")).split("/");
  const response = await fetch(`http://${host}/v2/${repository.join("/")}/${what}`, {
    headers: { accept: `${ACCEPT}, ${INDEX}` },
  });
  if (!response.ok) throw new Error(`${ref}: the registry answered ${response.status} for ${what}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const found = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (found !== digest) throw new Error(`${ref}: asked for ${digest}, got ${found}.`);
  return bytes;
}

async function askVersion(binary: string): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(binary, { env: { ADDRESS: address }, stdio: "ignore" });
  try {
    const healthy = await waitUntil(() => answers(`http://${address}/healthz`), START_TIMEOUT_MS);
    if (!healthy)
      throw new Error(`The pulled binary did not answer on /healthz within ${START_TIMEOUT_MS / 1000} s.`);
    return (await (await fetch(`http://${address}/version`)).text()).trim();
  } finally {
    child.kill("SIGKILL");
  }
}

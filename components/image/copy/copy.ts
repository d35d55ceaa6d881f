import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { ImageProblem } from "../problem";
import { repositoryName } from "../reference";
import type { Repository } from "../reference";
import type { RegistryStore, StoredManifest } from "../registry";
import { partsOf } from "./parts";

/** An image and where it is to be as well. */
export interface ImageCopy {
  readonly from: Repository;
  readonly to: Repository;
  readonly digest: string;
  /** A name for it in `to`: what has none, a registry's clean-up may take. */
  readonly tag: string;
}

/** What had to be transferred; what was there already is left out. */
export interface CopyResult {
  readonly manifests: number;
  readonly blobs: number;
}

/**
 * Copies an image with every platform and attestation that its index names, byte for byte: it has the same digest
 * there. Layers come first, then the descriptions, then the tag, so that whatever can be named is whole; what is there
 * already is not sent again.
 *
 * @throws ImageProblem when it is not in `from`, or a registry refuses.
 */
export async function copyImage(store: RegistryStore, copy: ImageCopy): Promise<CopyResult> {
  const manifest = await store.readManifest(copy.from, copy.digest);
  if (manifest === undefined) throw missing(copy);
  const folder = mkdtempSync(join(tmpdir(), "delivery-copy-"));
  try {
    const result = await copyManifest(store, { ...copy, folder, manifest });
    await store.writeManifest(copy.to, copy.tag, manifest);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Copying extends ImageCopy {
  readonly folder: string;
  readonly manifest: StoredManifest;
}

async function copyManifest(store: RegistryStore, copying: Copying): Promise<CopyResult> {
  const { from, to, manifest } = copying;
  if (await store.hasManifest(to, manifest.digest)) return { manifests: 0, blobs: 0 };
  const parts = partsOf(manifest);
  let [manifests, blobs] = [1, 0];
  for (const digest of parts.manifests) {
    const child = await store.readManifest(from, digest);
    if (child === undefined) throw missing({ from, digest });
    const result = await copyManifest(store, { ...copying, digest, manifest: child });
    [manifests, blobs] = [manifests + result.manifests, blobs + result.blobs];
  }
  for (const digest of parts.blobs) if (await copyBlob(store, copying, digest)) blobs++;
  await store.writeManifest(to, manifest.digest, manifest);
  return { manifests, blobs };
}

async function copyBlob(
  store: RegistryStore,
  { from, to, folder }: Copying,
  digest: string,
): Promise<boolean> {
  if (await store.hasBlob(to, digest)) return false;
  if (from.domain === to.domain && (await store.mountBlob(to, digest, from))) return true;
  const path = join(folder, digest.replace(":", "-"));
  await store.readBlob(from, digest, path);
  await checkBytes(from, digest, path);
  await store.writeBlob(to, digest, path);
  rmSync(path);
  return true;
}

async function checkBytes(from: Repository, digest: string, path: string): Promise<void> {
  const [algorithm = "sha256"] = digest.split(":");
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  if (`${algorithm}:${hash.digest("hex")}` === digest) return;
  throw new ImageProblem(
    `${from.domain} sent other bytes than ${digest} of ${from.path}. Nothing was named there; look at the registry, or at a proxy in front of it.`,
  );
}

function missing({ from, digest }: Pick<ImageCopy, "from" | "digest">): ImageProblem {
  return new ImageProblem(
    `${repositoryName(from)} no longer has ${digest}; promote another release, or build this one again.`,
  );
}

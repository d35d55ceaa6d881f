import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseYaml, shown } from "../manifests";
import type { Manifest } from "../manifests";
import { Mistake } from "../mistake";

/** Where an agent's published install manifests are. They are read before anything is declared. */
export type ManifestSource =
  | {
      /** Of a file on this machine. */
      readonly path: string;
      /** Of its bytes, in hex. @default not compared */
      readonly sha256?: string;
      readonly url?: never;
    }
  | {
      /** An https address. */
      readonly url: string;
      /** Of its bytes, in hex. What an address answers can change, so it has to be said. */
      readonly sha256: string;
      readonly path?: never;
    };

const SHA256 = /^[0-9a-f]{64}$/;
const DOWNLOAD_TIMEOUT_MS = 60_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** In a process of its own: a program declares its resources without waiting for anything. */
const DOWNLOAD = `fetch(process.argv[1]).then(async (answer) => {
  if (!answer.ok) throw new Error("status " + answer.status);
  process.stdout.write(Buffer.from(await answer.arrayBuffer()));
}).catch((error) => { process.stderr.write(String(error.cause ?? error)); process.exitCode = 1; });`;

/** Problems of where manifests are, without reading them. */
export function checkManifestSource(source: ManifestSource | undefined): string[] {
  if (source?.path === undefined && source?.url === undefined) {
    return ["manifests is missing; give { path } or { url, sha256 } of the published install manifests"];
  }
  const { url, sha256 } = source;
  const problems: string[] = [];
  if (url !== undefined && !(URL.canParse(url) && new URL(url).protocol === "https:"))
    problems.push(`manifests.url is ${shown(url)}; give an https address`);
  const needed = url !== undefined || sha256 !== undefined;
  if (needed && !SHA256.test(String(sha256)))
    problems.push(`manifests.sha256 is ${shown(sha256)}; give the 64 hex digits that sha256sum prints`);
  return problems;
}

/**
 * Reads an agent's published install manifests.
 *
 * @throws Mistake when they cannot be read, or are not the ones that were pinned.
 */
export function readPublished(source: ManifestSource): Manifest[] {
  const origin = source.path ?? source.url;
  const bytes = source.path === undefined ? download(source.url) : readFile(source.path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (source.sha256 !== undefined && source.sha256 !== sha256) {
    const fix = "see what has changed before you pin the new one";
    throw new Mistake("Install manifests", [
      `${shown(origin)} has the SHA-256 ${sha256}, not the pinned one; ${fix}`,
    ]);
  }
  return parseYaml(bytes.toString("utf8"), { origin }) as Manifest[];
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Mistake("Install manifests", [`${shown(path)} cannot be read (${code}); correct "path"`]);
  }
}

function download(url: string): Buffer {
  const options = { timeout: DOWNLOAD_TIMEOUT_MS, maxBuffer: MAX_BYTES, stdio: "pipe" } as const;
  try {
    return execFileSync(process.execPath, ["-e", DOWNLOAD, url], options);
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? "").trim() || "no answer in time";
    const fix = "download it by hand and give its path";
    throw new Mistake("Install manifests", [`${url} cannot be downloaded (${said}); ${fix}`]);
  }
}

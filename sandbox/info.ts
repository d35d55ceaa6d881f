import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ClusterInfo } from "./clusters/index.ts";
import type { GitServer } from "./git/index.ts";
import type { Registry } from "./images/index.ts";
import { sandboxDir } from "./paths.ts";

/** A running sandbox, for programs outside of it. It has tokens in it: its file is the user's alone. */
export interface SandboxInfo {
  readonly name: string;
  /** Everything that the sandbox keeps. */
  readonly dir: string;
  readonly clusters: readonly ClusterInfo[];
  /** Path of a kubeconfig with a context for each cluster. */
  readonly kubeconfig: string;
  readonly registry: Registry;
  readonly git: GitServer;
  /** Name of the BuildKit builder, below `BUILDX_CONFIG`. */
  readonly builder: string;
  /** Address of the Docker Engine; absent unless it was asked for. */
  readonly dockerHost?: string;
  /** What a Pulumi program, kubectl or a build needs to use the sandbox. */
  readonly env: Readonly<Record<string, string>>;
}

const infoPath = (dir: string): string => join(dir, "sandbox.json");

/** Keeps it whole or not at all. */
export function writeInfo(info: SandboxInfo): void {
  writeFileSync(`${infoPath(info.dir)}.new`, JSON.stringify(info, null, 2), { mode: 0o600 });
  renameSync(`${infoPath(info.dir)}.new`, infoPath(info.dir));
}

/** What the last `up` of a sandbox said; undefined when it was never up. */
export function readInfo(name: string): SandboxInfo | undefined {
  try {
    return JSON.parse(readFileSync(infoPath(sandboxDir(name)), "utf8")) as SandboxInfo;
  } catch {
    return undefined;
  }
}

/** Names of all sandboxes of this checkout that keep anything. */
export function listSandboxes(): string[] {
  const own = sandboxDir("");
  try {
    const names = readdirSync(dirname(own)).filter((name) => name.startsWith(basename(own)));
    return names.map((name) => name.slice(basename(own).length)).sort();
  } catch {
    return [];
  }
}

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Environment } from "../environment";
import { systemEnvironment } from "../environment";

/** How long one look into the repository may take, in milliseconds. */
const LOOK_TIMEOUT_MS = 30_000;

/** What Git gets of the environment: settings and credentials of its user, and nothing that moves the repository. */
const PASSED = [
  "PATH",
  "HOME",
  "XDG_CONFIG_HOME",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "HTTPS_PROXY",
  "https_proxy",
  "NO_PROXY",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

/** The environment of a Git process that works on the user's own repository. It asks nothing. */
export function cloneEnvironment(system: Environment = systemEnvironment()): Environment {
  const passed = PASSED.map((name) => [name, system[name]] as const);
  const fixed = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
  return { ...Object.fromEntries(passed.filter(([, value]) => value !== undefined)), ...fixed };
}

/** Git's answer about a repository; undefined when it has none to give. */
function ask(root: string, ...args: readonly string[]): string | undefined {
  try {
    const options = { cwd: root, env: { ...cloneEnvironment() }, timeout: LOOK_TIMEOUT_MS } as const;
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    return execFileSync("git", args, { ...options, stdio, encoding: "utf8" }).replace(/\n$/, "");
  } catch {
    return undefined;
  }
}

/** Where a folder is in its repository. */
export interface Place {
  /** The checkout's uppermost folder. */
  readonly top: string;
  /** From there to the folder, with `/` at its end; empty for the uppermost one. */
  readonly prefix: string;
}

/** Undefined when the folder is in no repository. */
export function placeOf(root: string): Place | undefined {
  const prefix = ask(root, "rev-parse", "--show-prefix");
  if (prefix === undefined) return undefined;
  return {
    top: resolve(
      root,
      ...prefix
        .split("/")
        .filter(Boolean)
        .map(() => ".."),
    ),
    prefix,
  };
}

/** Whether the clone has the commit. It is looked up by its id and nowhere but here. */
export function hasCommit(root: string, commit: string): boolean {
  return ask(root, "cat-file", "-e", `${commit}^{commit}`) !== undefined;
}

/** Whether the clone was made with a part of the history only. */
export function isShallow(root: string): boolean {
  return ask(root, "rev-parse", "--is-shallow-repository") === "true";
}

/**
 * Whether the clone's history was cut behind this commit. What it has changed is not known then: Git takes it for the
 * one that made every file. Source: git-rev-list(1), shallow.
 */
export function isCutBehind(root: string, commit: string): boolean {
  const path = isShallow(root) ? ask(root, "rev-parse", "--git-path", "shallow") : undefined;
  if (path === undefined) return false;
  return readFileSync(resolve(root, path), "utf8").split("\n").includes(commit);
}

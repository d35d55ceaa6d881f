import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Mistake } from "../mistake";
import { endPrograms, runBounded } from "./bounded";
import type { Ended } from "./bounded";
import { cloneEnvironment } from "./clone";

/** How long Git may take to write a checkout, in seconds: it may be a large one. */
const CHECKOUT_SECONDS = 300;
const GIT_OUTPUT_BYTES = 16 * 1024 * 1024;
/** A folder of another machine or container, whose processes are not seen from here, is left alone for a day. */
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;
const NAME = "delivery-release";
const CHECKOUT = "checkout";
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Another commit of a repository, checked out for a while. */
export interface Worktree {
  /** A temporary folder for the owner only; what else is put there is removed with it. */
  readonly workspace: string;
  /** The uppermost folder of the checkout, in the workspace. */
  readonly top: string;
}

/**
 * Checks a commit out into a detached worktree in a temporary folder, works with it and removes it, also on SIGINT,
 * SIGTERM and SIGHUP. What a SIGKILL leaves is removed by the next call. Nothing of the checkout that `root` is in
 * changes, and no hook of the repository runs. The clone has to have the commit.
 *
 * @throws Mistake when Git cannot write the checkout.
 */
export async function withWorktree<T>(
  root: string,
  commit: string,
  work: (worktree: Worktree) => Promise<T>,
): Promise<T> {
  await removeAbandoned(root);
  const workspace = mkdtempSync(join(tmpdir(), `${NAME}-${machine()}-${process.pid}-`));
  const onSignal = (signal: NodeJS.Signals): void => {
    endPrograms();
    removeFolder(workspace);
    for (const each of SIGNALS) process.off(each, onSignal);
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const top = join(workspace, CHECKOUT);
  try {
    await addWorktree(root, top, commit);
    return await work({ workspace, top });
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    await git(root, ["worktree", "remove", "--force", top]);
    removeFolder(workspace);
  }
}

async function addWorktree(root: string, top: string, commit: string): Promise<void> {
  const { code, stderr } = await git(root, ["worktree", "add", "--quiet", "--detach", top, commit]);
  if (code === 0) return;
  const why = stderr.trim() || "it took too long";
  throw new Mistake(`Checking out ${commit}`, [
    `git worktree add in ${tmpdir()} failed: ${why}; correct that, or set TMPDIR to a folder with more space`,
  ]);
}

function git(root: string, args: readonly string[]): Promise<Ended> {
  const settings = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];
  const bounds = { seconds: CHECKOUT_SECONDS, maxBytes: GIT_OUTPUT_BYTES };
  return runBounded("git", [...settings, ...args], { cwd: root, env: cloneEnvironment(), ...bounds });
}

/**
 * Removes the worktrees of runs that are gone, from the temporary folder and from the repository. Others are not
 * touched, as `git worktree prune` would touch one on a disk that is not mounted now.
 */
async function removeAbandoned(root: string): Promise<void> {
  const { stdout } = await git(root, ["worktree", "list", "--porcelain", "-z"]);
  const lines = stdout.split("\0").filter((line) => line.startsWith("worktree "));
  for (const path of lines.map((line) => line.slice("worktree ".length))) {
    if (!isAbandoned(dirname(path))) continue;
    await git(root, ["worktree", "remove", "--force", "--force", path]);
  }
  const left = readdirSync(tmpdir()).map((name) => join(tmpdir(), name));
  for (const path of left.filter(isAbandoned)) removeFolder(path);
}

function isAbandoned(workspace: string): boolean {
  const [, host, pid] = new RegExp(`^${NAME}-([0-9a-f]{8})-(\\d+)-`).exec(basename(workspace)) ?? [];
  if (pid === undefined) return false;
  if (host === machine() && isRunning(Number(pid))) return false;
  const stat = lstatSync(workspace, { throwIfNoEntry: false });
  if (stat === undefined) return host === machine();
  if (stat.uid !== (process.getuid?.() ?? stat.uid)) return false;
  return host === machine() || Date.now() - stat.mtimeMs > FOREIGN_AGE_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Containers may share a temporary folder and count processes each on their own. */
function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}

/** A program that is being ended may still write: what it adds meanwhile is removed, too. */
function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

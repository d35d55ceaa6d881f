import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Mistake } from "../mistake";
import { endPrograms, runBounded } from "./bounded";
import type { Ended } from "./bounded";
import { cloneEnvironment } from "./clone";
import { isLeftover, ownedPrefix, removeFolder } from "./leftover";

/** How long Git may take to write a checkout, in seconds: it may be a large one. */
const CHECKOUT_SECONDS = 300;
const GIT_OUTPUT_BYTES = 16 * 1024 * 1024;
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
  const workspace = mkdtempSync(join(tmpdir(), ownedPrefix(NAME)));
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
    if (!isLeftover(NAME, dirname(path))) continue;
    await git(root, ["worktree", "remove", "--force", "--force", path]);
  }
  const left = readdirSync(tmpdir()).map((name) => join(tmpdir(), name));
  for (const path of left.filter((each) => isLeftover(NAME, each))) removeFolder(path);
}

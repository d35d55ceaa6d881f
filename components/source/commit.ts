import { execFileSync } from "node:child_process";
import { Mistake } from "../mistake";
import { cloneEnvironment } from "./clone";

/** How long one look into the repository may take, in milliseconds. */
const GIT_TIMEOUT_MS = 30_000;
/** How much `git status` may say, in bytes: enough for half a million files. */
const GIT_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * The last commit that touched any of the paths, 40 hex digits. A commit that touched none of them makes no
 * release, so a change of the documentation alone leaves it as it is.
 *
 * @param root a folder of the repository.
 * @param paths glob patterns below `root`. Source: gitglossary(7), "pathspec".
 * @throws Mistake when `root` is in no repository, or no commit touched the paths.
 */
export function lastCommit(root: string, paths: readonly string[]): string {
  const commit = git(root, ["rev-list", "-1", "HEAD", "--", ...paths.map(globPathspec)]).trim();
  if (commit !== "") return commit;
  throw new Mistake(`Looking for the release's commit in ${root}`, [
    `no commit touched ${paths.join(", ")}; commit the application first, or correct source.paths`,
  ]);
}

/** Files of the paths that differ from the last commit, as `git status` names them. */
export function uncommittedFiles(root: string, paths: readonly string[]): string[] {
  const status = git(root, [
    "status",
    "--no-renames",
    "--porcelain",
    "-z",
    "--untracked-files=all",
    "--",
    ...paths.map(globPathspec),
  ]);
  return status
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => entry.slice(3));
}

const globPathspec = (path: string): string => `:(glob)${path}`;

function git(root: string, args: readonly string[]): string {
  try {
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    const limits = { timeout: GIT_TIMEOUT_MS, maxBuffer: GIT_OUTPUT_BYTES };
    return execFileSync("git", args, {
      cwd: root,
      env: { ...cloneEnvironment() },
      stdio,
      encoding: "utf8",
      ...limits,
    });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? "").trim() || (error as Error).message;
    throw new Mistake(`Looking for the release's commit in ${root}`, [
      `git ${args[0]} failed: ${said}; a release names the commit it was made from, so run it in a Git checkout`,
    ]);
  }
}

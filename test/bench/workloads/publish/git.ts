import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

/** A clone that a peer works in, as a script of the field does. */
export interface Clone {
  readonly cwd: string;
  git(...args: readonly string[]): Promise<string>;
  /** Whether it succeeded. */
  tryGit(...args: readonly string[]): Promise<boolean>;
  write(files: Readonly<Record<string, string>>): void;
}

/** What Git needs to reach the server: credentials as configuration, in the environment. */
export type GitEnvironment = Readonly<Record<string, string | undefined>>;

const WHO = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "gc.auto=0"];

/** Clones a branch into a folder that is not there yet. */
export async function cloneInto(
  cwd: string,
  { repository, branch, env }: { repository: string; branch: string; env: GitEnvironment },
): Promise<Clone> {
  mkdirSync(cwd, { recursive: true });
  const git: Clone["git"] = async (...args) =>
    (await execFileAsync("git", [...WHO, ...args], { cwd, env: { ...env, HOME: cwd } })).stdout;
  await git("clone", "--quiet", "--branch", branch, repository, ".");
  return {
    cwd,
    git,
    tryGit: (...args) =>
      git(...args).then(
        () => true,
        () => false,
      ),
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true });
        writeFileSync(join(cwd, path), text);
      }
    },
  };
}

/** Pushes what is committed, as the field's scripts do: on a refusal fetch, rebase, and try again. */
export async function pushWithRetries({ git, tryGit }: Clone, branch: string): Promise<number> {
  for (let retries = 0; ; retries++) {
    if (await tryGit("push", "--quiet", "origin", `HEAD:${branch}`)) return retries;
    await git("fetch", "--quiet", "origin", branch);
    await git("rebase", "--quiet", "FETCH_HEAD");
  }
}

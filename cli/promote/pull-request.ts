import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { proposeOnGitHub } from "../../components/ledger/github";
import { Mistake } from "../../components/mistake";
import { editStackText } from "../../components/promotion";
import { placeOf } from "../../components/source/clone";
import type { Context } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";
import { ask } from "../shell/programs";

/** Variables that may hold a token of GitHub's API, the first that is set. */
const TOKEN_VARIABLES = ["GITHUB_TOKEN", "GH_TOKEN", "DELIVERY_GIT_TOKEN"];
const REMOTE = "origin";

/** A change of one stack's file, for people to look at. */
export interface ProposedChange {
  readonly branch: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly changes: Readonly<Record<string, unknown>>;
}

/**
 * Puts the change on a branch of its own, above the remote's tip of the branch that is checked out, pushes it and opens
 * a pull request. Neither the working folder nor its branch is touched.
 *
 * @returns its address.
 * @throws Mistake when the branch, the token or the remote is missing; LedgerError when GitHub refuses.
 */
export async function proposeChange(
  { project, file }: EnvironmentOf,
  change: ProposedChange,
  context: Context,
): Promise<string> {
  const { root } = project;
  const git = async (...args: string[]): Promise<string> =>
    (await ask({ cwd: root, program: "git", args }, context)).trim();
  const into = await git("rev-parse", "--abbrev-ref", "HEAD");
  const token = tokenFrom(context);
  if (into === "HEAD")
    throw new Mistake("Opening a pull request", ["no branch is checked out; check one out first"]);
  const address = httpsAddress(await git("remote", "get-url", REMOTE));
  await git("fetch", "--quiet", REMOTE, into);
  const base = await git("rev-parse", "FETCH_HEAD");
  const path = `${placeOf(root)?.prefix ?? ""}${relative(root, file)}`;
  const text = editStackText(
    await git("show", `${base}:${path}`).then((said) => `${said}\n`),
    change.changes,
    file,
  );
  const commit = await commitText({ root, base, path, text, title: change.title }, context);
  await git("push", "--quiet", "--force", REMOTE, `${commit}:refs/heads/${change.branch}`);
  const { branch: from, title, body } = change;
  return proposeOnGitHub({ address, api: context.env.GITHUB_API_URL, token, from, into, title, body });
}

interface OneFile {
  readonly root: string;
  readonly base: string;
  readonly path: string;
  readonly text: string;
  readonly title: string;
}

/** A commit above `base` with one file changed, made in an index of its own. */
async function commitText({ root, base, path, text, title }: OneFile, context: Context): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "delivery-promote-"));
  const env = { GIT_INDEX_FILE: join(folder, "index") };
  const git = async (args: readonly string[], input?: string): Promise<string> =>
    (
      await ask({ cwd: root, program: "git", args, env, ...(input === undefined ? {} : { input }) }, context)
    ).trim();
  try {
    const blob = await git(["hash-object", "-w", "--stdin"], text);
    await git(["read-tree", base]);
    await git(["update-index", "--cacheinfo", `100644,${blob},${path}`]);
    return await git(["commit-tree", await git(["write-tree"]), "-p", base, "-m", title]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function tokenFrom({ env }: Context): string {
  const token = TOKEN_VARIABLES.map((name) => env[name]).find((value) => (value ?? "") !== "");
  if (token !== undefined) return token;
  throw new Mistake("Opening a pull request", [
    `there is no token for GitHub; set one of ${TOKEN_VARIABLES.join(", ")} with the right to write pull requests`,
  ]);
}

/** `git@host:owner/name.git` in the form that has a host; others stay. Credentials are left out. */
export function httpsAddress(remote: string): string {
  const [, host, path] = /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+)$/.exec(remote) ?? [];
  const address = host === undefined ? remote : `ssh://git@${host}/${path}`;
  return address.replace(/^(https?:\/\/)[^@/]+@/, "$1");
}

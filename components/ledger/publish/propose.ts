import { createHash } from "node:crypto";
import { readSecret } from "../access";
import { LedgerError } from "../failure";
import { runGit } from "../git";
import type { Git } from "../git";
import { proposeOnGitHub } from "../github";
import type { LedgerRuntime, PublishArgs, PullRequestArgs } from "./args";
import { messageText } from "./message";
import { placesOf } from "./session";
import { fetchTip, pushCommit } from "./tip";
import type { Tip } from "./tip";

const HASH_LENGTH = 8;

/** The branch of a proposal: one for each owner of folders, so that a newer proposal takes the older one's place. */
export function proposalBranch(branch: string, prefixes: readonly string[]): string {
  const owner = createHash("sha256").update(prefixes.toSorted().join("\n")).digest("hex");
  return `proposed/${branch}-${owner.slice(0, HASH_LENGTH)}`;
}

export interface Proposed {
  readonly commit: string;
  readonly pullRequestUrl: string;
}

/**
 * Puts the commit on a branch of its own and opens a pull request for it. The proposal that is there already is
 * kept when it has the same content on the same head, so that doing it again changes nothing.
 */
export async function proposeCommit(
  git: Git,
  args: PublishArgs,
  { commit, root, tip }: { readonly commit: string; readonly root: string; readonly tip: Tip },
  runtime: LedgerRuntime,
): Promise<Proposed> {
  const folders = args.prefixes.length > 0 ? args.prefixes : (args.retired ?? []);
  const branch = proposalBranch(args.branch, folders);
  const before = await fetchTip(git, branch, "--depth=1");
  const same = before !== undefined && before.tree === root && (await parentOf(git, before)) === tip.commit;
  if (!same) await pushProposal(git, { commit, branch, expected: before?.commit ?? "" });
  const pullRequestUrl = await proposeOnGitHub({
    address: args.repository,
    api: args.pullRequest?.api,
    token: tokenOf(git, args.pullRequest, runtime),
    from: branch,
    into: args.branch,
    title: args.message.subject,
    body: messageText(args.message).split("\n\n").slice(1).join("\n\n").trim(),
  });
  return { commit: same ? before.commit : commit, pullRequestUrl };
}

/** The proposal's branch has one owner: the lease alone decides whether it may be replaced. */
async function pushProposal(git: Git, push: Parameters<typeof pushCommit>[1]): Promise<void> {
  const pushed = await pushCommit(git, push);
  if (pushed.kind === "done") return;
  const why = pushed.kind === "moved" ? "another one was made meanwhile; run it again" : pushed.why;
  throw new LedgerError("protected", [`the proposal's branch ${push.branch} could not be pushed: ${why}`]);
}

/** From the commit itself: where history was cut off, Git shows no parents. */
async function parentOf(git: Git, { commit }: Tip): Promise<string | undefined> {
  const text = (await runGit(git, ["cat-file", "commit", commit])).toString("latin1");
  return /^parent ([0-9a-f]+)$/m.exec(text.split("\n\n")[0] ?? "")?.[1];
}

function tokenOf(git: Git, pullRequest: PullRequestArgs | undefined, runtime: LedgerRuntime): string {
  if (pullRequest?.token !== undefined) return readSecret(pullRequest.token, placesOf(runtime));
  if (git.credential.kind === "token") return git.credential.token;
  throw new LedgerError("authentication", [
    "there is no token for the GitHub API; name one with pullRequest.token",
  ]);
}

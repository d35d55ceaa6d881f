import { renderRepository, renderUser } from "../render/index.ts";
import { ZERO_SHA } from "../names.ts";
import { changedFiles, isAncestor, listCommits, readCommits } from "../plumbing/index.ts";
import type { Commit } from "../plumbing/index.ts";
import { defaultBranch } from "../state/index.ts";
import type { Repository } from "../state/index.ts";
import type { GitHubEvent, Push, World } from "../world.ts";

/** GitHub puts no more commits than this into one push event. */
export const MAX_PUSHED_COMMITS = 2048;
/** Finding the files of each commit costs a process: only the newest commits have them. */
export const MAX_COMMITS_WITH_FILES = 20;

type Change = Push["changes"][number];

/** GitHub's push event for one moved reference. */
export async function renderPushEvent(world: World, push: Push, change: Change): Promise<GitHubEvent> {
  const { repository, actor } = push;
  const created = change.before === ZERO_SHA;
  const deleted = change.after === ZERO_SHA;
  const commits = await pushedCommits(world, repository, change);
  const payload = {
    ref: change.ref,
    before: change.before,
    after: change.after,
    created,
    deleted,
    forced: !created && !deleted && !(await isAncestor(repository.dir, change.before, change.after)),
    base_ref: null,
    compare: `${world.baseUrl}/${repository.owner}/${repository.name}/compare/${change.before}...${change.after}`,
    commits,
    head_commit: commits.at(-1) ?? null,
    repository: renderRepository(world, repository),
    pusher: { name: actor.login, email: `${actor.login}@users.noreply.localhost` },
    sender: renderUser(world, actor.login),
  };
  return { name: "push", payload };
}

/** Oldest first. The commits of a new branch are those that the default branch does not have. */
async function pushedCommits(world: World, repository: Repository, change: Change): Promise<object[]> {
  if (change.after === ZERO_SHA || !change.ref.startsWith("refs/heads/")) return [];
  const known = `refs/heads/${defaultBranch(repository)}`;
  const isDefault = change.ref === known;
  const without = change.before === ZERO_SHA ? known : change.before;
  const range = change.before === ZERO_SHA && isDefault ? {} : { without };
  const shas = await listCommits(repository.dir, change.after, { ...range, limit: MAX_PUSHED_COMMITS });
  const commits = (await readCommits(repository.dir, shas)).reverse();
  const withFiles = commits.length - MAX_COMMITS_WITH_FILES;
  return Promise.all(
    commits.map((commit, at) => renderPushedCommit(world, repository, commit, at >= withFiles)),
  );
}

async function renderPushedCommit(
  world: World,
  repository: Repository,
  commit: Commit,
  withFiles: boolean,
): Promise<object> {
  const files = withFiles ? await changedFiles(repository.dir, commit) : [];
  const named = (status: string): string[] =>
    files.filter((file) => file.status === status).map((file) => file.filename);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${world.baseUrl}/${repository.owner}/${repository.name}/commit/${commit.sha}`,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    added: named("added"),
    removed: named("removed"),
    modified: named("modified"),
  };
}

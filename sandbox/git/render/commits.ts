import type { ChangedFile, Commit, Entry, Ref } from "../plumbing/index.ts";
import type { Repository, Status } from "../state/index.ts";
import type { World } from "../world.ts";
import { apiUrl, nodeId, renderUser } from "./users.ts";
import type { Json } from "./users.ts";

export const repositoryUrl = (world: World, { owner, name }: Repository, rest: string): string =>
  apiUrl(world, `/repos/${owner}/${name}${rest}`);

const htmlUrl = (world: World, { owner, name }: Repository, rest: string): string =>
  `${world.baseUrl}/${owner}/${name}${rest}`;

/** The Git half of a commit, as `git/commits` has it. */
export function renderGitCommit(world: World, repository: Repository, commit: Commit): Json {
  return {
    sha: commit.sha,
    url: repositoryUrl(world, repository, `/git/commits/${commit.sha}`),
    html_url: htmlUrl(world, repository, `/commit/${commit.sha}`),
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: repositoryUrl(world, repository, `/git/trees/${commit.tree}`) },
    parents: commit.parents.map((sha) => ({
      sha,
      url: repositoryUrl(world, repository, `/git/commits/${sha}`),
    })),
    verification: { verified: false, reason: "unsigned", signature: null, payload: null },
  };
}

/** A commit as `commits` has it; the users are unknown, since no address belongs to anybody here. */
export function renderCommit(world: World, repository: Repository, commit: Commit): Json {
  const { sha, parents, ...details } = renderGitCommit(world, repository, commit);
  return {
    sha,
    url: repositoryUrl(world, repository, `/commits/${commit.sha}`),
    html_url: htmlUrl(world, repository, `/commit/${commit.sha}`),
    commit: { ...details, comment_count: 0 },
    author: null,
    committer: null,
    parents,
  };
}

export const renderChangedFile = ({ filename, status }: ChangedFile): Json => ({ filename, status });

export function renderRef(world: World, repository: Repository, { ref, sha, type }: Ref): Json {
  return {
    ref,
    node_id: Buffer.from(ref).toString("base64url"),
    url: repositoryUrl(world, repository, `/git/${ref}`),
    object: { type, sha, url: repositoryUrl(world, repository, `/git/${type}s/${sha}`) },
  };
}

/** A file or folder as `contents` has it. The plugin reads the reference back out of `url`. */
export function renderContent(world: World, repository: Repository, entry: Entry, ref: string): Json {
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const url = repositoryUrl(world, repository, `/contents/${path}?ref=${encodeURIComponent(ref)}`);
  return {
    type: entry.type === "tree" ? "dir" : "file",
    name: entry.path.split("/").at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url,
    html_url: htmlUrl(world, repository, `/blob/${ref}/${path}`),
    git_url: repositoryUrl(world, repository, `/git/${entry.type}s/${entry.sha}`),
    download_url: entry.type === "tree" ? null : url,
  };
}

export function renderStatus(world: World, repository: Repository, status: Status): Json {
  const { sha, creator, ...rest } = status;
  return {
    ...rest,
    node_id: nodeId("Status", status.id),
    url: repositoryUrl(world, repository, `/statuses/${sha}`),
    creator: renderUser(world, creator),
  };
}

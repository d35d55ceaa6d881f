import type { Comment, Pull, Repository, Review } from "../state/index.ts";
import type { World } from "../world.ts";
import { repositoryUrl } from "./commits.ts";
import { renderRepository } from "./repositories.ts";
import { nodeId, renderUser } from "./users.ts";
import type { Json } from "./users.ts";

/** What only Git and the protection rules can say of a pull request. */
export interface Mergeability {
  /** Null once it is closed. */
  readonly mergeable: boolean | null;
  readonly mergeable_state: "clean" | "dirty" | "blocked" | "unknown";
}

function renderSide(world: World, repository: Repository, ref: string, sha: string): Json {
  return {
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: renderUser(world, repository.owner),
    repo: renderRepository(world, repository),
  };
}

export function renderPull(world: World, repository: Repository, pull: Pull): Json {
  const { head_ref, base_ref, head_sha, base_sha, user, merged_by, ...rest } = pull;
  const url = repositoryUrl(world, repository, `/pulls/${pull.number}`);
  return {
    ...rest,
    node_id: nodeId("PullRequest", pull.id),
    url,
    html_url: `${world.baseUrl}/${repository.owner}/${repository.name}/pull/${pull.number}`,
    issue_url: repositoryUrl(world, repository, `/issues/${pull.number}`),
    comments_url: repositoryUrl(world, repository, `/issues/${pull.number}/comments`),
    locked: false,
    labels: [],
    assignees: [],
    requested_reviewers: [],
    user: renderUser(world, user),
    head: renderSide(world, repository, head_ref, head_sha),
    base: renderSide(world, repository, base_ref, base_sha),
    merged: pull.merged_at !== null,
    merged_by: merged_by === null ? null : renderUser(world, merged_by),
  };
}

export function renderComment(world: World, repository: Repository, comment: Comment): Json {
  const { issue, user, ...rest } = comment;
  const page = `${world.baseUrl}/${repository.owner}/${repository.name}/pull/${issue}`;
  return {
    ...rest,
    node_id: nodeId("IssueComment", comment.id),
    url: repositoryUrl(world, repository, `/issues/comments/${comment.id}`),
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: repositoryUrl(world, repository, `/issues/${issue}`),
    user: renderUser(world, user),
  };
}

export function renderReview(world: World, repository: Repository, review: Review): Json {
  const { pull, user, ...rest } = review;
  return {
    ...rest,
    node_id: nodeId("Review", review.id),
    user: renderUser(world, user),
    pull_request_url: repositoryUrl(world, repository, `/pulls/${pull}`),
  };
}

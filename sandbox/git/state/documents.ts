import { join } from "node:path";
import { STATE_FOLDER } from "../layout.ts";
import { readJson, removeJson, writeJson } from "./json.ts";

/** A read or write key for SSH. The comment of the key is left out, as GitHub does. */
export interface DeployKey {
  readonly id: number;
  readonly title: string;
  /** "ssh-ed25519 AAAA…" */
  readonly key: string;
  readonly read_only: boolean;
  readonly created_at: string;
}

export interface Hook {
  readonly id: number;
  readonly active: boolean;
  readonly events: readonly string[];
  readonly url: string;
  readonly content_type: "json" | "form";
  readonly insecure_ssl: string;
  readonly secret: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Delivery {
  readonly id: number;
  readonly hook_id: number;
  readonly guid: string;
  readonly delivered_at: string;
  /** Seconds. */
  readonly duration: number;
  /** "OK", or why it was not delivered. */
  readonly status: string;
  /** 0 when nothing answered. */
  readonly status_code: number;
  readonly event: string;
  readonly action: string | null;
}

export interface Reviewer {
  readonly type: "User" | "Team";
  readonly id: number;
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly wait_timer: number;
  readonly prevent_self_review: boolean;
  readonly can_admins_bypass: boolean;
  readonly reviewers: readonly Reviewer[];
  readonly deployment_branch_policy: {
    readonly protected_branches: boolean;
    readonly custom_branch_policies: boolean;
  } | null;
  readonly branch_policies: readonly { readonly id: number; readonly name: string; readonly type: string }[];
  readonly created_at: string;
  readonly updated_at: string;
}

/** `environment` is undefined for those of the repository itself. */
export interface Variable {
  readonly environment?: string;
  readonly name: string;
  readonly value: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Only what the client encrypted: the private half of the key was never kept. */
export interface Secret {
  readonly environment?: string;
  readonly name: string;
  readonly encrypted_value: string;
  readonly key_id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface PublicKey {
  readonly key_id: string;
  readonly key: string;
}

export interface Pull {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
  readonly draft: boolean;
  readonly maintainer_can_modify: boolean;
  readonly head_ref: string;
  readonly base_ref: string;
  /** Of an open pull request these are only what was last seen; the branch says what it is now. */
  readonly head_sha: string;
  readonly base_sha: string;
  readonly user: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly closed_at: string | null;
  readonly merged_at: string | null;
  readonly merged_by: string | null;
  readonly merge_commit_sha: string | null;
}

export interface Review {
  readonly id: number;
  readonly pull: number;
  readonly user: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED";
  readonly body: string;
  readonly commit_id: string;
  readonly submitted_at: string;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly user: string;
  readonly body: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Status {
  readonly id: number;
  readonly sha: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly context: string;
  readonly target_url: string | null;
  readonly description: string | null;
  readonly creator: string;
  readonly created_at: string;
  readonly updated_at: string;
}

interface People {
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly apps: readonly string[];
}

/** A branch protection rule in the words of the REST API. */
export interface Protection {
  readonly branch: string;
  readonly enforce_admins: boolean;
  readonly required_status_checks: {
    readonly strict: boolean;
    readonly checks: readonly { readonly context: string; readonly app_id: number | null }[];
  } | null;
  readonly required_pull_request_reviews: {
    readonly dismiss_stale_reviews: boolean;
    readonly require_code_owner_reviews: boolean;
    readonly require_last_push_approval: boolean;
    readonly required_approving_review_count: number;
    readonly dismissal_restrictions: People | null;
    readonly bypass_pull_request_allowances: People | null;
  } | null;
  readonly restrictions: People | null;
  readonly required_linear_history: boolean;
  readonly allow_force_pushes: boolean;
  readonly allow_deletions: boolean;
  readonly required_conversation_resolution: boolean;
  readonly block_creations: boolean;
  readonly lock_branch: boolean;
  readonly required_signatures: boolean;
}

/** A ruleset of branches in the words of the REST API. */
export interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly target: string;
  readonly enforcement: string;
  readonly conditions: {
    readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  };
  readonly rules: readonly {
    readonly type: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
  }[];
  readonly bypass_actors: readonly Readonly<Record<string, unknown>>[];
  readonly created_at: string;
  readonly updated_at: string;
}

/** One JSON list per kind, in the bare repository's folder. */
export interface Documents {
  keys: DeployKey;
  hooks: Hook;
  deliveries: Delivery;
  environments: Environment;
  variables: Variable;
  secrets: Secret;
  "public-keys": PublicKey;
  pulls: Pull;
  reviews: Review;
  comments: Comment;
  statuses: Status;
  protection: Protection;
  rulesets: Ruleset;
}

const pathOf = (repositoryDir: string, kind: keyof Documents): string =>
  join(repositoryDir, STATE_FOLDER, `${kind}.json`);

/** Everything of that kind; an empty list when nothing was kept. */
export function readList<K extends keyof Documents>(repositoryDir: string, kind: K): readonly Documents[K][] {
  return readJson<readonly Documents[K][]>(pathOf(repositoryDir, kind), []);
}

/** Writes the whole list. No file is left for an empty one: the Git hooks ask for the file first. */
export function writeList<K extends keyof Documents>(
  repositoryDir: string,
  kind: K,
  list: readonly Documents[K][],
): void {
  const path = pathOf(repositoryDir, kind);
  if (list.length === 0) removeJson(path);
  else writeJson(path, list);
}

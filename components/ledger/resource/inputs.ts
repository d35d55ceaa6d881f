import { createHash } from "node:crypto";
import { canonicalJson } from "../../manifests";
import type { GitAccess } from "../access";
import { removalProblems } from "../publish/removals";
import type {
  CommitAuthor,
  CommitMessage,
  Consent,
  Publication,
  PublishArgs,
  PullRequestArgs,
  Signing,
} from "../publish/args";
import { checkPublish } from "../publish/check";

/** What becomes of the folders when the resource is deleted. */
export type Teardown = "delete" | "keep";
/** A `GitCommit` that is deleted removes its folders: nothing tells a cluster to run that any more. */
export const DEFAULT_TEARDOWN: Teardown = "delete";

/** What the engine keeps as inputs of a `GitCommit`: where credentials are found, and never their values. */
export interface GitCommitInputs {
  /** Logical name of the resource: tells two resources that name one folder from one that is asked twice. */
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  readonly access?: GitAccess;
  readonly prefixes: readonly string[];
  /** Path → text. */
  readonly files: Readonly<Record<string, string>>;
  readonly retired?: readonly string[];
  readonly message: CommitMessage;
  readonly author?: CommitAuthor;
  readonly signing?: Signing;
  readonly pullRequest?: PullRequestArgs;
  readonly allow?: readonly Consent[];
  readonly teardown: Teardown;
}

/** What it keeps as outputs: the files are in the inputs and on the branch, and not once more here. */
export interface GitCommitOutputs extends GitCommitSettings, Publication {
  /** Of what was published; see {@link fingerprint}. */
  readonly fingerprint: string;
  /** By folder, how the branch differs from what was published; only after a refresh. */
  readonly drift?: Readonly<Record<string, string>>;
}

/** What stands for a value that a preview does not know yet. Source: `unknownValue` of the Pulumi SDK. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SETTINGS = [
  "owner",
  "repository",
  "branch",
  "access",
  "prefixes",
  "retired",
  "message",
  "author",
  "signing",
  "pullRequest",
  "allow",
  "teardown",
] as const satisfies readonly (keyof GitCommitInputs)[];

/** Everything that the engine keeps but the files. */
export type GitCommitSettings = Omit<GitCommitInputs, "files">;

/** The settings among inputs or outputs. */
export function settingsOf(kept: GitCommitSettings): GitCommitSettings {
  const given = SETTINGS.map((name) => [name, kept[name]] as const).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(given) as unknown as GitCommitSettings;
}

/** The arguments of a publication. */
export function publishArgs(inputs: GitCommitInputs): PublishArgs {
  const { repository, branch, prefixes, message, access, retired, author, signing, pullRequest, allow } =
    inputs;
  return {
    repository,
    branch,
    prefixes,
    files: new Map(Object.entries(inputs.files)),
    message,
    ...(access === undefined ? {} : { access }),
    ...(retired === undefined ? {} : { retired }),
    ...(author === undefined ? {} : { author }),
    ...(signing === undefined ? {} : { signing }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(allow === undefined ? {} : { allow }),
  };
}

/** Problems that are known before anything is sent; what a preview does not know yet has none. */
export function checkInputs(olds: Partial<GitCommitInputs>, news: GitCommitInputs): string[] {
  const problems = checkPublish(publishArgs(news));
  return [...problems, ...checkTeardown(news.teardown), ...checkRemovals(olds, news)];
}

/** Problems of what becomes of the folders. */
export function checkTeardown(teardown: Teardown = DEFAULT_TEARDOWN): string[] {
  return teardown === "delete" || teardown === "keep" ? [] : ['teardown must be "delete" or "keep"'];
}

function checkRemovals(olds: Partial<GitCommitInputs>, news: GitCommitInputs): string[] {
  const elsewhere = olds.repository !== news.repository || olds.branch !== news.branch;
  if (elsewhere || news.allow?.includes("removals")) return [];
  return removalProblems(new Map(Object.entries(news.files)), Object.keys(olds.files ?? {}), news.prefixes);
}

/**
 * A hash of everything that a publication depends on. The message alone makes no commit, and a consent is none of
 * the content.
 */
export function fingerprint(inputs: GitCommitInputs): string {
  const { repository, branch, access, prefixes, files, retired, author, signing, pullRequest, teardown } =
    inputs;
  const content = {
    repository,
    branch,
    access,
    prefixes,
    files,
    retired,
    author,
    signing,
    pullRequest,
    teardown,
  };
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}

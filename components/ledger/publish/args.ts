import type { GitAccess, SecretPlaces, SecretSource } from "../access";

/** A branch of a repository. */
export interface LedgerLocation {
  /** `https://HOST/PATH` or `ssh://git@HOST/PATH`; http only on this machine. Without credentials. */
  readonly repository: string;
  readonly branch: string;
  /** @default a token from {@link DEFAULT_TOKEN_VARIABLE} for https; ssh always needs it said. */
  readonly access?: GitAccess;
}

/** Who a commit says that it is from. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

/** The author of commits. Its address is one that nobody can have (RFC 2606, `.invalid`). */
export const DEFAULT_AUTHOR: CommitAuthor = { name: "pulumi-delivery", email: "delivery@pulumi.invalid" };

/** What a commit says of itself. Each value is one line; all but the subject become trailers. */
export interface CommitMessage {
  readonly subject: string;
  /** `Delivery-Stack`: who publishes. Two stacks must not own one folder, and this tells them apart. */
  readonly stack: string;
  /** `Delivery-Release` */
  readonly release?: string;
  /** `Delivery-Content-Hash` */
  readonly contentHash?: string;
  /** `Delivery-Source-Commit` */
  readonly sourceCommit?: string;
  /** `Delivery-Outcome`: `verified` when every cluster has succeeded; see {@link VERIFIED}. */
  readonly outcome?: string;
  /** `Delivery-Override`: why it goes on over a guard that blocks it. */
  readonly override?: string;
}

/** How commits are signed. */
export type Signing =
  /** With ssh-keygen; the private key is in OpenSSH's format and without a passphrase. */
  | { readonly kind: "ssh"; readonly privateKey: SecretSource }
  /** With gpg; the key is in the keyring of that folder and has no passphrase. */
  | { readonly kind: "gpg"; readonly key: string; readonly home: string };

/** What to do when the branch takes no direct push. */
export interface PullRequestArgs {
  readonly host: "github";
  /** @default the repository's host: `https://api.github.com` or `https://HOST/api/v3` */
  readonly api?: string;
  /** @default the token of `access`; with ssh it has to be said. */
  readonly token?: SecretSource;
}

/**
 * Something that is refused unless it is allowed for this publication.
 *
 * - `rewrite`: the branch no longer has what was published before.
 * - `removals`: more than {@link MAX_REMOVED_SHARE} of the files of a folder would be removed.
 * - `foreign`: another stack has published to the same folders.
 */
export type Consent = "rewrite" | "removals" | "foreign";

/** The share of a folder's files that can be removed without consent. */
export const MAX_REMOVED_SHARE = 0.5;

/** What was published before, as a state keeps it. */
export interface KnownPublication {
  /** The branch's tip as it was left, 40 hex digits. */
  readonly head: string;
  /** Object id of each folder. */
  readonly trees: Readonly<Record<string, string>>;
}

/** What is published: folders of a branch, and what they hold. */
export interface PublishArgs extends LedgerLocation {
  /** Folders that belong to this publisher alone: what is in them is replaced, the rest of the branch stays. */
  readonly prefixes: readonly string[];
  /** Path → text. Every path is below a prefix, and every prefix has one. */
  readonly files: ReadonlyMap<string, string>;
  /** Folders that are removed from the branch now. @default none */
  readonly retired?: readonly string[];
  readonly message: CommitMessage;
  /** @default {@link DEFAULT_AUTHOR} */
  readonly author?: CommitAuthor;
  /** @default not signed */
  readonly signing?: Signing;
  /** @default a protected branch is an error */
  readonly pullRequest?: PullRequestArgs;
  /** @default nothing */
  readonly allow?: readonly Consent[];
  /** @default the first publication */
  readonly known?: KnownPublication;
}

/** What became of it. */
export interface Publication {
  /** `unchanged`: the branch says so already. `proposed`: it is in a pull request. */
  readonly result: "published" | "unchanged" | "proposed";
  /** The commit that has the content. */
  readonly commit: string;
  /** Object id of the commit's root. */
  readonly tree: string;
  /** Object id of each folder: the same content has the same id on any branch. */
  readonly trees: Readonly<Record<string, string>>;
  /** The branch's tip; another one than `commit` only when it is proposed. */
  readonly head: string;
  /** Address of the pull request. */
  readonly pullRequestUrl?: string;
}

/** Where a publication has got to. */
export type PublishStep = "fetched" | "built" | "committed" | "pushed" | "moved" | "waiting" | "proposed";

/** How long a server that does not answer, or has had too many requests, is tried again, in seconds. */
export const DEFAULT_MAX_WAIT_SECONDS = 120;

/** What comes from outside; the defaults are this process's. */
export interface LedgerRuntime extends Partial<SecretPlaces> {
  readonly now?: () => Date;
  /** @default {@link DEFAULT_MAX_WAIT_SECONDS} */
  readonly maxWaitSeconds?: number;
  readonly onStep?: (step: PublishStep) => void;
}

import * as pulumi from "@pulumi/pulumi";
import { GitCommit } from "../resource/git-commit";
import type { GitCommitArgs } from "../resource/git-commit";
import { MARK_FILE, PARTIAL, VERIFIED, VERIFIED_FOLDER } from "./names";

/** What has succeeded, and where that is said. */
export interface VerifiedMarkArgs {
  readonly ledger: Pick<
    GitCommitArgs,
    "repository" | "branch" | "access" | "author" | "signing" | "pullRequest" | "teardown" | "allow"
  >;
  readonly app: string;
  /** @default the content alone was delivered, without a release */
  readonly release?: { readonly id: string; readonly commit: string } | undefined;
  /** Content hash of what each cluster was told to run, by cluster. */
  readonly clusters: Readonly<Record<string, pulumi.Input<string>>>;
  /** The commits that told them, by wave: telling the same once more is verified once more. */
  readonly told: Readonly<Record<string, pulumi.Input<string>>>;
  /** Clusters that failed their checks and were let through, by name: with one of them it is not verified. @default none */
  readonly failed?: pulumi.Input<readonly string[]>;
  /** Content hash of what each cluster ran when it had succeeded last: a cluster that failed keeps it. @default none */
  readonly before?: Readonly<Record<string, string>>;
  /** Clusters of which nobody has seen yet that they run it, by name: with one of them it is not verified. @default none */
  readonly waiting?: pulumi.Input<readonly string[]>;
  /**
   * Clusters that were told the release and are held at another one since, by name: with one of them it is not verified.
   * @default none
   */
  readonly takenBack?: readonly string[];
  /** UID of the namespace `kube-system` of each cluster that has been seen, by cluster. @default none */
  readonly identities?: Readonly<Record<string, string>>;
  /** Folders that are removed from the branch with it. @default none */
  readonly retired?: readonly string[];
}

/**
 * Puts one more commit of a ledger in the preview: the mark that what was told has succeeded in every cluster; or, where
 * some have failed and were let through, were not seen to run it, or were brought back from it, which ones, and that it has not. Let it depend on the
 * last gate. It changes no folder of a cluster, so an agent has nothing to apply.
 */
export function createVerifiedMark(
  name: string,
  args: VerifiedMarkArgs,
  opts: pulumi.CustomResourceOptions,
): GitCommit {
  const { ledger, app, release, clusters, told, failed = [], waiting = [], takenBack = [] } = args;
  const { identities = {}, retired = [] } = args;
  const of = release?.id ?? app;
  const seen = Object.keys(identities).length === 0 ? {} : { identities };
  const open = pulumi.output({ failed, waiting, takenBack });
  const text = pulumi
    .all([{ release: of, clusters, told }, open])
    .apply(([mark, unsound]) => markText({ ...mark, ...seen }, unsound, args.before));
  const message = {
    subject: open.apply((unsound) => subjectOf(of, unsound)),
    outcome: open.apply((unsound) => (isSound(unsound) ? VERIFIED : PARTIAL)),
    ...(release === undefined ? {} : { release: release.id, sourceCommit: release.commit }),
  };
  const kept = { ...ledger, prefixes: [VERIFIED_FOLDER], files: { [MARK_FILE]: text }, message };
  return new GitCommit(name, retired.length === 0 ? kept : { ...kept, retired }, opts);
}

/** Clusters of which it is not said that the release has succeeded there. */
interface Unsound {
  readonly failed: readonly string[];
  readonly waiting: readonly string[];
  readonly takenBack: readonly string[];
}

const isSound = (unsound: Unsound): boolean => Object.values(unsound).every((names) => names.length === 0);

/** A cluster that failed, or waits, keeps the content that has succeeded there last, if any has; one that is held has its own. */
function markText(
  { clusters, ...mark }: Readonly<Record<string, unknown>> & { clusters: Readonly<Record<string, string>> },
  unsound: Unsound,
  before: Readonly<Record<string, string>> = {},
): string {
  const names = [...unsound.failed, ...unsound.waiting];
  const sound = Object.entries(clusters)
    .map(([cluster, hash]) => [cluster, names.includes(cluster) ? before[cluster] : hash] as const)
    .filter(([, hash]) => hash !== undefined);
  const named = Object.entries(unsound).filter(([, list]) => list.length > 0);
  const text = { ...mark, clusters: Object.fromEntries(sound), ...Object.fromEntries(named) };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

function subjectOf(release: string, { failed, waiting, takenBack }: Unsound): string {
  if (failed.length > 0) return `${release} failed in ${failed.join(", ")}`;
  if (takenBack.length > 0) return `${release} was taken back in ${takenBack.join(", ")}`;
  return waiting.length > 0 ? `${release} is not live yet in ${waiting.join(", ")}` : `verified ${release}`;
}

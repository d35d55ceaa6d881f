import * as pulumi from "@pulumi/pulumi";
import { GitCommit } from "../resource/git-commit";
import type { GitCommitArgs } from "../resource/git-commit";
import { MARK_FILE, PARTIAL, VERIFIED, VERIFIED_FOLDER } from "./names";

/** What has succeeded, and where that is said. */
export interface VerifiedMarkArgs {
  readonly ledger: Pick<
    GitCommitArgs,
    "repository" | "branch" | "access" | "author" | "signing" | "teardown" | "allow"
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
  /** UID of the namespace `kube-system` of each cluster that has been seen, by cluster. @default none */
  readonly identities?: Readonly<Record<string, string>>;
  /** Folders that are removed from the branch with it. @default none */
  readonly retired?: readonly string[];
}

/**
 * Puts one more commit of a ledger in the preview: the mark that what was told has succeeded in every cluster; or, where
 * some have failed and were let through, which ones did, and that it has not. Let it depend on the last gate. It changes
 * no folder of a cluster, so an agent has nothing to apply.
 */
export function createVerifiedMark(
  name: string,
  args: VerifiedMarkArgs,
  opts: pulumi.CustomResourceOptions,
): GitCommit {
  const { ledger, app, release, clusters, told, failed = [], identities = {}, retired = [] } = args;
  const of = release?.id ?? app;
  const seen = Object.keys(identities).length === 0 ? {} : { identities };
  const text = pulumi.output({ release: of, clusters, told, failed }).apply(({ failed: names, ...mark }) => {
    return markText({ ...mark, ...seen }, names, args.before);
  });
  const outcome = pulumi.output(failed).apply((names) => (names.length === 0 ? VERIFIED : PARTIAL));
  const subject = pulumi.output(failed).apply((names) => subjectOf(of, names));
  const made = release === undefined ? {} : { release: release.id, sourceCommit: release.commit };
  const commit = {
    ...ledger,
    prefixes: [VERIFIED_FOLDER],
    files: { [MARK_FILE]: text },
    ...(retired.length === 0 ? {} : { retired }),
    message: { subject, outcome, ...made },
  };
  return new GitCommit(name, commit, opts);
}

/** A cluster that failed keeps the content that has succeeded there last, if any has. */
function markText(
  { clusters, ...mark }: Readonly<Record<string, unknown>> & { clusters: Readonly<Record<string, string>> },
  failed: readonly string[],
  before: Readonly<Record<string, string>> = {},
): string {
  const sound = Object.entries(clusters)
    .map(([cluster, hash]) => [cluster, failed.includes(cluster) ? before[cluster] : hash] as const)
    .filter(([, hash]) => hash !== undefined);
  const named = failed.length === 0 ? {} : { failed };
  return `${JSON.stringify({ ...mark, clusters: Object.fromEntries(sound), ...named }, undefined, 2)}\n`;
}

function subjectOf(release: string, failed: readonly string[]): string {
  return failed.length === 0 ? `verified ${release}` : `${release} failed in ${failed.join(", ")}`;
}

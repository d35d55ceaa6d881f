import * as pulumi from "@pulumi/pulumi";
import { GitCommit } from "../resource/git-commit";
import type { GitCommitArgs } from "../resource/git-commit";
import { MARK_FILE, VERIFIED, VERIFIED_FOLDER } from "./names";

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
  /** UID of the namespace `kube-system` of each cluster that has been seen, by cluster. @default none */
  readonly identities?: Readonly<Record<string, string>>;
  /** Folders that are removed from the branch with it. @default none */
  readonly retired?: readonly string[];
}

/**
 * Puts one more commit of a ledger in the preview: the mark that what was told has succeeded in every cluster. Let it
 * depend on the last gate. It changes no folder of a cluster, so an agent has nothing to apply.
 */
export function createVerifiedMark(
  name: string,
  { ledger, app, release, clusters, told, identities = {}, retired = [] }: VerifiedMarkArgs,
  opts: pulumi.CustomResourceOptions,
): GitCommit {
  const of = release?.id ?? app;
  const text = pulumi
    .output({
      ...{ release: of, clusters, told },
      ...(Object.keys(identities).length === 0 ? {} : { identities }),
    })
    .apply((mark) => `${JSON.stringify(mark, undefined, 2)}\n`);
  const made = release === undefined ? {} : { release: release.id, sourceCommit: release.commit };
  const args = {
    ...ledger,
    prefixes: [VERIFIED_FOLDER],
    files: { [MARK_FILE]: text },
    ...(retired.length === 0 ? {} : { retired }),
    message: { subject: `verified ${of}`, outcome: VERIFIED, ...made },
  };
  return new GitCommit(name, args, opts);
}

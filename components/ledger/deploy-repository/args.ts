import { shown } from "../../manifests";

/** Who may see it. There is no `public`: make such a repository with `@pulumi/github` itself. */
export type DeployRepositoryVisibility = "private" | "internal";
/** Who may see a ledger's repository: it tells what runs where. */
export const DEFAULT_LEDGER_VISIBILITY: DeployRepositoryVisibility = "private";
/** What GitHub shows beside the name. */
export const DEFAULT_LEDGER_DESCRIPTION = "What every cluster has been told to run";
/** Every branch that a pipeline's ledger makes: `deploy/<app>/<environment>`. */
export const DEFAULT_LEDGER_BRANCHES: readonly string[] = ["deploy/**/*"];
/** How a commit gets onto a ledger's branch: whoever may write may push. */
export const DEFAULT_LEDGER_CHANGES: LedgerChanges = "pushed";

/**
 * How a commit gets onto a ledger's branch: `pushed` by whoever may write, or merged from a pull request that so many
 * others have approved (0 to 10). A `GitCommit` then needs its `pullRequest`.
 */
export type LedgerChanges = "pushed" | { readonly approvals: number };

/**
 * Arguments as `@pulumi/github` takes them. Its own types would be wanted by the compiler of everybody who uses the
 * library, and the package need not be there.
 */
export type GitHubArgs = Readonly<Record<string, unknown>>;

/** A pure change of what one of the children gets; applied last. */
export type Transform<Args> = (args: Args) => Args;

/** The repository of a ledger, and how its branches are kept. */
export interface DeployRepositoryArgs {
  /** Name of the repository, without its owner: that is the provider's. It is not changed without replacing it. */
  readonly name: string;
  /** @default {@link DEFAULT_LEDGER_DESCRIPTION} */
  readonly description?: string;
  /** @default {@link DEFAULT_LEDGER_VISIBILITY} */
  readonly visibility?: DeployRepositoryVisibility;
  /**
   * Branches whose history nobody may rewrite and which nobody may delete, as GitHub's patterns.
   * @default {@link DEFAULT_LEDGER_BRANCHES}
   */
  readonly branches?: readonly string[];
  /** @default {@link DEFAULT_LEDGER_CHANGES} */
  readonly changes?: LedgerChanges;
  /** @default nothing is changed */
  readonly transform?: {
    readonly repository?: Transform<GitHubArgs>;
    readonly ruleset?: Transform<GitHubArgs>;
  };
}

/** {@link DeployRepositoryArgs} with every default filled in. */
export interface DeployRepositoryPlan {
  readonly name: string;
  readonly description: string;
  readonly visibility: DeployRepositoryVisibility;
  readonly branches: readonly string[];
  readonly changes: LedgerChanges;
}

export function resolveDeployRepository(args: DeployRepositoryArgs): DeployRepositoryPlan {
  return {
    name: args.name,
    description: args.description ?? DEFAULT_LEDGER_DESCRIPTION,
    visibility: args.visibility ?? DEFAULT_LEDGER_VISIBILITY,
    branches: args.branches ?? DEFAULT_LEDGER_BRANCHES,
    changes: args.changes ?? DEFAULT_LEDGER_CHANGES,
  };
}

const NAME = /^[A-Za-z0-9._-]{1,100}$/;
const PATTERN = /^[^\s~^:\\]+$/;
/** Source: GitHub, "Rules for a repository", pull_request. */
const MAX_APPROVALS = 10;

/** Problems that are known before anything is declared. */
export function checkDeployRepository({ name, branches, changes }: DeployRepositoryPlan): string[] {
  const problems: string[] = [];
  if (!NAME.test(name) || /^\.+$|\.git$/.test(name)) {
    problems.push(
      `name is ${shown(name)}; give 1 to 100 letters, digits, "-", "_" and ".", without the owner and without .git`,
    );
  }
  if (branches.length === 0) problems.push("branches is empty; leave it out to protect every deploy branch");
  for (const pattern of branches.filter((text) => !PATTERN.test(text) || text.startsWith("refs/"))) {
    problems.push(`branches has ${shown(pattern)}; give a branch or a pattern, as "deploy/**/*"`);
  }
  if (changes !== "pushed" && !isCount(changes.approvals)) {
    problems.push(
      `changes.approvals is ${shown(changes.approvals)}; give a whole number from 0 to ${MAX_APPROVALS}`,
    );
  }
  return problems;
}

const isCount = (count: number): boolean => Number.isInteger(count) && count >= 0 && count <= MAX_APPROVALS;

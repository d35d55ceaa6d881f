import type * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { tryPeer } from "../../peer";
import { assertValid } from "../../problems";
import { checkDeployRepository, resolveDeployRepository } from "./args";
import type { DeployRepositoryArgs, DeployRepositoryPlan } from "./args";

const PACKAGE = "@pulumi/github";
const keep = <Args>(args: Args): Args => args;

/**
 * The repository of a ledger on GitHub, with rules that keep its history: nobody rewrites or deletes a deploy branch,
 * and, when `changes` says so, nobody changes one without a pull request. It needs the package `@pulumi/github`, whose
 * provider says the owner and has the token. When it is destroyed the repository is archived, since the record of what
 * was deployed outlives the program.
 *
 * @example
 * const deploy = new DeployRepository("deploy", { name: "deploy" }, { provider: acme });
 * new PushDelivery("web", { ...args, ledger: { repository: "https://github.com/acme/deploy.git" } }, { dependsOn: deploy });
 *
 * @throws pulumi.ResourceError with every problem of the arguments, or when the package is not installed.
 */
export class DeployRepository extends pulumi.ComponentResource {
  /** `https://HOST/OWNER/NAME.git` */
  public readonly httpsUrl: pulumi.Output<string>;
  /** `ssh://git@HOST/OWNER/NAME.git` is what a ledger takes; this is GitHub's short form of it. */
  public readonly sshUrl: pulumi.Output<string>;

  constructor(name: string, args: DeployRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("delivery:ledger:DeployRepository", name, {}, opts);
    const plan = resolveDeployRepository(args);
    const peer = tryPeer(PACKAGE, () => require(PACKAGE) as typeof github);
    assertValid(this, [...checkDeployRepository(plan), ...(peer === undefined ? [MISSING] : [])]);
    const repository = createRepository(name, plan, { ...args.transform, peer: peer!, parent: this });
    createRuleset(name, plan, { ...args.transform, peer: peer!, parent: this, repository });
    this.httpsUrl = repository.httpCloneUrl;
    this.sshUrl = repository.sshCloneUrl;
    this.registerOutputs({ httpsUrl: this.httpsUrl, sshUrl: this.sshUrl });
  }
}

const MISSING = `a deploy repository needs the package ${PACKAGE}, which is not installed; run "npm install ${PACKAGE}"`;

type Child = NonNullable<DeployRepositoryArgs["transform"]> & {
  readonly peer: typeof github;
  readonly parent: pulumi.Resource;
};

/** Only merges whose message keeps the trailers that the ledger is read by. */
function createRepository(
  name: string,
  { name: repository, description, visibility }: DeployRepositoryPlan,
  { peer, parent, repository: transform = keep }: Omit<Child, "ruleset">,
): github.Repository {
  const args: github.RepositoryArgs = {
    ...{ name: repository, description, visibility },
    ...{ autoInit: true, archiveOnDestroy: true, hasIssues: false, hasProjects: false, hasWiki: false },
    ...{ allowSquashMerge: true, allowMergeCommit: true, allowRebaseMerge: false, deleteBranchOnMerge: true },
    ...{ squashMergeCommitTitle: "PR_TITLE", squashMergeCommitMessage: "PR_BODY" },
  };
  return new peer.Repository(name, transform({ ...args }) as github.RepositoryArgs, { parent });
}

function createRuleset(
  name: string,
  { branches, changes }: DeployRepositoryPlan,
  child: Omit<Child, "repository"> & { readonly repository: github.Repository },
): void {
  const { peer, parent, repository, ruleset: transform = keep } = child;
  const reviewed = changes === "pushed" ? {} : { pullRequest: reviewRule(changes.approvals) };
  const includes = branches.map((pattern) => `refs/heads/${pattern}`);
  const args: github.RepositoryRulesetArgs = {
    ...{ repository: repository.name, name: "ledger", target: "branch", enforcement: "active" },
    conditions: { refName: { includes, excludes: [] } },
    rules: { nonFastForward: true, deletion: true, ...reviewed },
  };
  const wanted = transform({ ...args }) as unknown as github.RepositoryRulesetArgs;
  new peer.RepositoryRuleset(`${name}-ledger`, wanted, { parent });
}

/** An approval holds for what was approved, and not for what was pushed after it. */
function reviewRule(
  requiredApprovingReviewCount: number,
): github.types.input.RepositoryRulesetRulesPullRequest {
  return { requiredApprovingReviewCount, dismissStaleReviewsOnPush: true };
}

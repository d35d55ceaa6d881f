import * as pulumi from "@pulumi/pulumi";
import { throwIfAny } from "../../mistake";
import { providerText } from "../../provider/text";
import type { GitAccess } from "../access";
import type { CommitAuthor, Consent, Publication, PullRequestArgs, Signing } from "../publish/args";
import { checkInputs, DEFAULT_TEARDOWN } from "./inputs";
import type { GitCommitInputs, Teardown } from "./inputs";
import { noneSecret } from "./secrets";

/** What the commit says of itself; see {@link CommitMessage}. */
export interface GitCommitMessageArgs {
  /** One line. */
  readonly subject: pulumi.Input<string>;
  /** @default the project's and the stack's name, as `shop/prod` */
  readonly stack?: string;
  readonly release?: pulumi.Input<string>;
  readonly contentHash?: pulumi.Input<string>;
  readonly sourceCommit?: pulumi.Input<string>;
  readonly outcome?: pulumi.Input<string>;
  readonly override?: string | undefined;
}

/** Folders of a branch, what they hold, and how it gets there. */
export interface GitCommitArgs {
  /** `https://HOST/PATH` or `ssh://git@HOST/PATH`, without credentials. */
  readonly repository: string;
  readonly branch: string;
  /** @default a token from `DELIVERY_GIT_TOKEN` for https; ssh always needs it said. */
  readonly access?: GitAccess;
  /** Folders that belong to this resource alone: what is in them is replaced, the rest of the branch stays. */
  readonly prefixes: readonly string[];
  /** Path → text. Every path is below a prefix, and every prefix has one. A secret is refused. */
  readonly files: Readonly<Record<string, pulumi.Input<string>>>;
  readonly message: GitCommitMessageArgs;
  /**
   * Folders that are removed from the branch now. A prefix that merely leaves the list stays on the branch: it may
   * belong to another resource by now.
   */
  readonly retired?: readonly string[];
  /** @default {@link DEFAULT_AUTHOR} */
  readonly author?: CommitAuthor;
  /** @default not signed */
  readonly signing?: Signing;
  /** What to do when the branch takes no direct push. @default it is an error */
  readonly pullRequest?: PullRequestArgs;
  /** What is refused otherwise. Leave it out again after the update that needs it. */
  readonly allow?: readonly Consent[];
  /**
   * What becomes of the folders when the resource is deleted.
   * @default {@link DEFAULT_TEARDOWN}
   */
  readonly teardown?: Teardown;
}

/**
 * The content of some folders on a branch of a Git repository, as one commit for each change. A preview shows what
 * changes in each file; a refresh shows what others have changed in these folders. Its implementation is
 * `pulumi-delivery/provider`, and it needs `git` 2.32 or later.
 *
 * @throws Mistake with every problem of the arguments, before it is declared.
 * @example
 * new GitCommit("prod", {
 *   repository: "https://github.com/acme/deploy.git",
 *   branch: "deploy/shop/prod",
 *   prefixes: ["clusters/eu-1"],
 *   files: { "clusters/eu-1/web.yaml": toYaml([manifest]) },
 *   message: { subject: "Deploy shop to eu-1" },
 * });
 */
export class GitCommit extends pulumi.CustomResource {
  /** The commit that has the content. */
  declare public readonly commit: pulumi.Output<string>;
  /** Object id of the commit's root. */
  declare public readonly tree: pulumi.Output<string>;
  /** Object id of each folder, by prefix. */
  declare public readonly trees: pulumi.Output<Readonly<Record<string, string>>>;
  /** The branch's tip when it was left. */
  declare public readonly head: pulumi.Output<string>;
  declare public readonly result: pulumi.Output<Publication["result"]>;
  /** Address of the pull request, when it is `proposed`. */
  declare public readonly pullRequestUrl: pulumi.Output<string | undefined>;

  constructor(name: string, args: GitCommitArgs, opts?: pulumi.CustomResourceOptions) {
    const shape = shapeOf(name, args);
    const { subject, release, contentHash, sourceCommit, outcome, override } = args.message;
    const stack = stackOf(args);
    const message = { subject, stack, release, contentHash, sourceCommit, outcome, override };
    throwIfAny(`GitCommit ${name}`, checkInputs({}, { ...shape, ...known(args.files, message) }));
    const files = noneSecret("files", args.files);
    const texts = { files, message: noneSecret("message", message) };
    const props = { ...shape, ...texts, ...OUTPUTS, __provider: providerText("gitCommit") };
    super("pulumi-nodejs:dynamic/delivery:GitCommit", name, props, opts);
  }
}

/** What is plain data: it decides where and how, and is known in every preview. */
function shapeOf(name: string, args: GitCommitArgs): Omit<GitCommitInputs, "files" | "message"> {
  const { repository, branch, access, prefixes, retired, author, signing, pullRequest, allow } = args;
  const teardown = args.teardown ?? DEFAULT_TEARDOWN;
  const optional = { access, retired, author, signing, pullRequest, allow };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { owner: name, repository, branch, prefixes, teardown, ...Object.fromEntries(given) };
}

function stackOf({ message }: GitCommitArgs): string {
  return message.stack ?? `${pulumi.getProject()}/${pulumi.getStack()}`;
}

type Texts = Readonly<Record<string, pulumi.Input<string> | undefined>>;

/** Texts as far as the program knows them now; the provider checks them again when it knows all. */
function known(files: Texts, message: Texts): Pick<GitCommitInputs, "files" | "message"> {
  const plain = (texts: Texts): Record<string, string> => {
    const given = Object.entries(texts).filter(([, text]) => text !== undefined);
    return Object.fromEntries(
      given.map(([name, text]) => [
        name,
        pulumi.Output.isInstance(text) || text instanceof Promise ? LATER : (text as string),
      ]),
    );
  };
  return { files: plain(files), message: plain(message) as unknown as GitCommitInputs["message"] };
}

/** Stands for a text that is known later. */
const LATER = "later";

/** A property without a value becomes an output. */
const OUTPUTS = {
  commit: undefined,
  tree: undefined,
  trees: undefined,
  head: undefined,
  result: undefined,
  pullRequestUrl: undefined,
};

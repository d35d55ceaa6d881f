import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { failedAt } from "../failure";
import { runGit } from "../git";
import type { Git, GitInput } from "../git";
import type { CommitAuthor, LedgerRuntime, PublishArgs } from "./args";
import { DEFAULT_AUTHOR } from "./args";
import { messageText } from "./message";
import { signingSecret } from "./session";
import type { Tip } from "./tip";

/** Makes the commit of a tree on top of the tip, or the first one of a branch. */
export async function commitTree(
  git: Git,
  args: Pick<PublishArgs, "message" | "author" | "signing">,
  { root, tip }: { readonly root: string; readonly tip: Tip | undefined },
  runtime: LedgerRuntime,
): Promise<string> {
  const parents = tip === undefined ? [] : ["-p", tip.commit];
  const signature = signatureOf(git, args, runtime);
  const given: GitInput = {
    input: messageText(args.message),
    env: { ...identity(args.author ?? DEFAULT_AUTHOR, runtime.now?.() ?? new Date()), ...signature.env },
  };
  const command = [...signature.settings, "commit-tree", ...parents, ...signature.option, "-F", "-", root];
  try {
    return (await runGit(git, command, given)).toString("latin1").trim();
  } catch (error) {
    const hint = "the commit could not be signed; check signing: its key, and that it has no passphrase";
    throw args.signing === undefined ? error : failedAt(hint, error);
  }
}

function identity({ name, email }: CommitAuthor, now: Date): Record<string, string> {
  const date = `${Math.floor(now.getTime() / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}

interface Signature {
  readonly settings: readonly string[];
  readonly option: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Source: git-config(1), gpg.format. The key itself stands in a file of the workspace, never in an argument. */
function signatureOf(git: Git, { signing }: Pick<PublishArgs, "signing">, runtime: LedgerRuntime): Signature {
  if (signing === undefined) return { settings: [], option: [], env: {} };
  if (signing.kind === "gpg") {
    return {
      settings: ["-c", "gpg.format=openpgp"],
      option: [`-S${signing.key}`],
      env: { GNUPGHOME: signing.home },
    };
  }
  const file = join(git.workspace, "signing-key");
  writeFileSync(file, `${String(signingSecret(signing, runtime)).trim()}\n`, { mode: 0o600 });
  return { settings: ["-c", "gpg.format=ssh", "-c", `user.signingKey=${file}`], option: ["-S"], env: {} };
}

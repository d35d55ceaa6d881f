/** What a deploy key may do. */
export type SshAccess = "read" | "write";

/** What a client asks for, and with which key. */
export interface SshRequest {
  /** The command that the client sent (`SSH_ORIGINAL_COMMAND`). */
  readonly command: string;
  /** The key's repository, "owner/name". */
  readonly repository: string;
  readonly access: SshAccess;
}

export type SshVerdict =
  | { readonly kind: "serve"; readonly program: "upload-pack" | "receive-pack" }
  /** In the words of GitHub, which clients know. */
  | { readonly kind: "refuse"; readonly words: string };

const COMMAND = /^git[- ](upload-pack|receive-pack) '\/?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?'$/;

/** A deploy key opens one repository; whatever else is asked for does not exist for it. */
export function judge({ command, repository, access }: SshRequest): SshVerdict {
  const [, program, asked] = COMMAND.exec(command) ?? [];
  if (program === undefined)
    return { kind: "refuse", words: "ERROR: Only git-upload-pack and git-receive-pack are served." };
  if (asked?.toLowerCase() !== repository.toLowerCase())
    return { kind: "refuse", words: "ERROR: Repository not found." };
  if (program === "upload-pack") return { kind: "serve", program };
  if (access === "write") return { kind: "serve", program: "receive-pack" };
  return {
    kind: "refuse",
    words: "ERROR: The key you are authenticating with has been marked as read only.",
  };
}

import { isAbsolute } from "node:path";
import { shown } from "../../manifests";
import { checkAccess, checkApi, checkSecretSource } from "../access";
import { checkConsents } from "./consent";
import { checkBranch, checkOwned, checkRepository } from "../location";
import type {
  CommitAuthor,
  CommitMessage,
  LedgerLocation,
  PublishArgs,
  PullRequestArgs,
  Signing,
} from "./args";

const MAX_LINE = 500;
const ONE_LINE = /^[^\0-\x1f\x7f\u0085\u2028\u2029\p{Surrogate}]*$/u;
const COMMIT = /^[0-9a-f]{40}$/;
const GPG_KEY = /^[0-9A-Fa-f]{16,40}$/;

/** Pulumi's text for an output that was used as a string: it says nothing of what was meant. */
const MISUSED_OUTPUT = /Calling \[toString\] on an \[Output<T>\]|\[object Object\]/;

/** Problems of where the ledger is. */
export function checkLocation({ repository, branch, access }: LedgerLocation): string[] {
  const address = checkRepository(repository);
  return [...address, ...checkBranch(branch), ...(address.length > 0 ? [] : checkAccess(access, repository))];
}

/** Problems of a publication that are known without a look at the repository, all at once. */
export function checkPublish(args: PublishArgs): string[] {
  const { prefixes, files, message, allow } = args;
  return [
    ...checkLocation(args),
    ...checkOwned({ prefixes, retired: args.retired ?? [], paths: [...files.keys()] }),
    ...checkTexts(files),
    ...checkMessage(message),
    ...checkAuthor(args.author),
    ...checkSigning(args.signing),
    ...checkPullRequest(args.pullRequest, args),
    ...checkConsents("allow", allow),
  ];
}

/** Problems of the files' texts. What they say is never repeated. */
export function checkTexts(files: ReadonlyMap<string, unknown>): string[] {
  return [...files].flatMap(([path, text]) => {
    if (typeof text !== "string")
      return [`files: ${shown(path)} is no text but ${typeof text}; give its text`];
    if (/\p{Surrogate}/u.test(text))
      return [`files: ${shown(path)} is no well-formed Unicode; correct its text`];
    if (!MISUSED_OUTPUT.test(text)) return [];
    return [`files: ${shown(path)} has an output that was used as a string; use pulumi.interpolate or apply`];
  });
}

export function checkMessage(message: CommitMessage): string[] {
  const required: readonly (keyof CommitMessage)[] = ["subject", "stack"];
  const missing = required.filter((field) => (message[field] ?? "").trim() === "");
  const broken = Object.entries(message).filter(([, text]) => !isLine(text));
  return [
    ...missing.map((field) => `message.${field} is empty; every commit has one`),
    ...broken.map(([field]) => `message.${field} is no text of one line and ${MAX_LINE} characters at most`),
  ];
}

function isLine(text: unknown): boolean {
  return text === undefined || (typeof text === "string" && text.length <= MAX_LINE && ONE_LINE.test(text));
}

function checkAuthor(author: CommitAuthor | undefined): string[] {
  if (author === undefined) return [];
  return (["name", "email"] as const)
    .filter((field) => !isLine(author[field]) || !/^[^<>]*\w[^<>]*$/.test(author[field]))
    .map((field) => `author.${field} is ${shown(author[field])}; give one line without "<" and ">"`);
}

function checkSigning(signing: Signing | undefined): string[] {
  switch (signing?.kind) {
    case undefined:
      return [];
    case "ssh":
      return checkSecretSource("signing.privateKey", signing.privateKey);
    case "gpg":
      return [
        ...(GPG_KEY.test(signing.key)
          ? []
          : ["signing.key is no key id or fingerprint of 16 to 40 hex digits"]),
        ...(isAbsolute(signing.home) ? [] : ["signing.home is no absolute path of a gpg folder"]),
      ];
    default:
      return ['signing.kind must be "ssh" or "gpg"'];
  }
}

/** Problems of how a protected branch is asked. */
export function checkPullRequest(
  pullRequest: PullRequestArgs | undefined,
  { access, repository }: LedgerLocation,
): string[] {
  if (pullRequest === undefined) return [];
  const overSsh = repository.startsWith("ssh:") || access?.kind === "ssh-key" || access?.kind === "ssh-agent";
  const noToken = overSsh && pullRequest.token === undefined;
  return [
    ...(pullRequest.host === "github" ? [] : ['pullRequest.host must be "github"']),
    ...checkApi("pullRequest.api", pullRequest.api),
    ...(pullRequest.token === undefined ? [] : checkSecretSource("pullRequest.token", pullRequest.token)),
    ...(noToken
      ? ["pullRequest.token is missing; with ssh there is no token that the API could be asked with"]
      : []),
  ];
}

/** Whether it is a whole commit id. */
export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}

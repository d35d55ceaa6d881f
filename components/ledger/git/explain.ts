import type { Credential } from "../access";
import { LedgerError } from "../failure";
import type { LedgerFailure } from "../failure";
import type { HttpAnswer } from "./http-answer";
import type { GitResult } from "./run";

/** At most so many characters of what Git itself said are shown. */
const MAX_QUOTED = 400;

type Finding = readonly [LedgerFailure, string];

/** Git's words, most telling first. Sources: the messages of git 2.39, OpenSSH 9.2 and libcurl 7.88. */
const WORDS: readonly (readonly [RegExp, LedgerFailure, string])[] = [
  [/spawn git ENOENT/, "local", "git is not installed, or not on PATH; install it (2.32 or later)"],
  [
    /No space left on device|Out of diskspace|ENOSPC|Disk quota exceeded|EDQUOT/,
    "local",
    "the disk with the temporary folder is full; free some space, or set TMPDIR to another",
  ],
  [
    /Too many open files|EMFILE|ENFILE|EFBIG|File too large|SIGXFSZ|Cannot allocate memory|Resource temporarily unavailable|EROFS|Read-only file system/,
    "local",
    "this machine's limits (open files, size of a file, memory, a read-only disk) were reached; raise them",
  ],
  [
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No \S+ host key is known/,
    "authentication",
    "the server's host key is not among access.knownHosts; compare it with what the server's owner publishes",
  ],
  [
    /marked as read.only|write access to repository not granted|denied to|not allowed to (?:push|upload)|access denied or repository exported read-only/i,
    "permission",
    "these credentials may read and not write",
  ],
  [
    /Permission denied \(|Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|invalid format|error in libcrypto|Load key/,
    "authentication",
    "authentication was refused",
  ],
  [
    /Repository not found|does not appear to be a git repository|repository '.*' not found|not exist/i,
    "not-found",
    "there is no such repository, or these credentials may not see it",
  ],
  [
    /Could not resolve|Connection refused|Failed to connect|Couldn't connect|timed out|Connection reset|Connection closed|No route to host|Network is unreachable/i,
    "unreachable",
    "the server cannot be reached",
  ],
  [/certificate|SSL|TLS/, "unreachable", "the server's certificate is not accepted"],
  [
    /RPC failed|early EOF|hung up|unexpected disconnect|Empty reply|transfer closed|Operation too slow|Broken pipe|expected '?flush|bad line length|invalid server response/i,
    "unreachable",
    "the connection broke off",
  ],
];

/** Why a command failed, in a sentence with its remedy. */
export function explain(result: GitResult, credential: Credential): LedgerError {
  const [failure, sentence] = findingOf(result);
  const advised = failure === "authentication" || failure === "permission" || failure === "not-found";
  const advice = advised && !sentence.includes("knownHosts") ? `; ${credential.advice}` : "";
  const problems = [`${sentence}${advice}${quote(result)}`];
  return new LedgerError(failure, problems, result.http?.retryAfterSeconds);
}

function findingOf({ code, stderr, http }: GitResult): Finding {
  const local = WORDS.find(([pattern, failure]) => failure === "local" && pattern.test(stderr));
  if (local !== undefined) return [local[1], local[2]];
  const answered = http === undefined ? undefined : findingOfStatus(http);
  if (answered !== undefined) return answered;
  const known = WORDS.find(([pattern]) => pattern.test(stderr));
  if (known !== undefined) return [known[1], known[2]];
  if (code < 0) return ["unreachable", "git was ended before it was done, by a signal or after 10 minutes"];
  return ["other", "git failed"];
}

function findingOfStatus({ status, limited, retryAfterSeconds }: HttpAnswer): Finding | undefined {
  if (limited) {
    const wait = retryAfterSeconds === undefined ? "later" : `in ${retryAfterSeconds} s`;
    return ["rate-limited", `the server has had too many requests (HTTP ${status}); try again ${wait}`];
  }
  if (status === 401) return ["authentication", "authentication was refused (HTTP 401)"];
  if (status === 403) return ["permission", "these credentials may not do this (HTTP 403)"];
  if (status === 404)
    return ["not-found", "there is no such repository, or these credentials may not see it (HTTP 404)"];
  if (status === 507) return ["unreachable", "the server's disk is full (HTTP 507)"];
  if (status >= 500) return ["unreachable", `the server has an error of its own (HTTP ${status})`];
  if (status >= 400) return ["other", `the server refused it (HTTP ${status})`];
  if (status >= 300) {
    return [
      "not-found",
      `the server says that the repository has moved (HTTP ${status}); name its new address`,
    ];
  }
  return undefined;
}

function quote({ stderr }: GitResult): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(?:hint|warning):/i.test(line));
  const text = lines.join(" | ");
  if (text === "") return "";
  return `. Git said: ${text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text}`;
}

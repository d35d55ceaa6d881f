import { Mistake } from "../mistake";

/** Why the ledger could not be read or written. */
export type LedgerFailure =
  /** The server does not know the credentials, or there are none. */
  | "authentication"
  /** It knows them, and they may not do this. */
  | "permission"
  | "not-found"
  | "rate-limited"
  /** No answer, a broken one, or an error of the server's own. */
  | "unreachable"
  /** The branch takes no direct push. */
  | "protected"
  /** Others were faster at every try. */
  | "contended"
  /** The branch no longer has what was published before. */
  | "rewritten"
  /** Another stack published to the same folders. */
  | "foreign"
  /** More would be removed than goes without consent. */
  | "removals"
  /** This machine: no disk space, no Git, no temporary folder. */
  | "local"
  | "other";

/** A failure in sentences that are meant to be read. No message ever has a secret. */
export class LedgerError extends Error {
  /** By this mark Pulumi prints the message without a stack trace. */
  readonly __pulumiRunError = true;
  readonly failure: LedgerFailure;
  readonly problems: readonly string[];
  /** How long the server asks to wait, in seconds, when it says so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(failure: LedgerFailure, problems: readonly string[], retryAfterSeconds?: number) {
    super(problems.join("\n"));
    this.name = "LedgerError";
    this.failure = failure;
    this.problems = problems;
    this.retryAfterSeconds = retryAfterSeconds;
    // The provider's process logs the stack of what it throws; there is nothing in it for a user.
    this.stack = this.message;
  }
}

/** The same failure with what was tried in front. */
export function failedAt(what: string, error: unknown): unknown {
  if (!(error instanceof LedgerError)) return error;
  const [first = "", ...rest] = error.problems;
  return new LedgerError(error.failure, [`${what}: ${first}`, ...rest], error.retryAfterSeconds);
}

/** What a mistake or a failure of the ledger has to say; any other error is thrown again. */
export function problemsOf(error: unknown): readonly string[] {
  if (error instanceof Mistake || error instanceof LedgerError) return error.problems;
  throw error;
}

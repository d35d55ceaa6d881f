import { EXIT } from "./contract";
import type { ExitCode } from "./contract";

/** Errors whose message is for the user, by name: classes may come from another copy of the library. */
const WRONG = ["Mistake", "UsageError"];

/** The exit code of an error: what the user has to correct is told from what failed on the way. */
export function exitOf(error: unknown): ExitCode {
  return WRONG.includes((error as Error).name) ? EXIT.wrong : EXIT.failed;
}

/** The sentences of an error, one each. */
export function problemsOf(error: unknown): readonly string[] {
  const { problems, message } = error as Error & { readonly problems?: readonly string[] };
  return problems ?? [message];
}

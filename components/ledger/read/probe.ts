import { shown } from "../../manifests";
import { LedgerError } from "../failure";
import { runGit } from "../git";
import type { LedgerLocation, LedgerRuntime } from "../publish/args";
import { withLedger } from "../publish/session";

/**
 * Whether the server of a ledger answers: one request, tried once. Undefined when it does, whatever it says; else why
 * not, for a user who has not begun yet.
 */
export async function unreachable(
  location: LedgerLocation,
  runtime: LedgerRuntime,
): Promise<string | undefined> {
  try {
    await withLedger(location, runtime, "Reaching", (git) =>
      runGit(git, ["ls-remote", "--", "origin", "HEAD"]),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof LedgerError) || error.failure !== "unreachable") return undefined;
    const { repository, branch } = location;
    return (
      `the ledger ${shown(branch)} of ${repository} cannot be reached: ${error.message}. ` +
      "What has to be recorded there fails; what has not changed goes on."
    );
  }
}

import type { AgentStatus } from "../contract";
import type { SyncResult } from "./inputs";

/** What came of waiting. `failed`: the agent has given up what was published here. */
export interface SyncOutcome {
  readonly result: SyncResult | "failed";
  readonly message: string;
  /** The commit that the agent told of; empty without one. */
  readonly applied: string;
  /** Whether the cluster could not be asked. @default false */
  readonly isUnreachable?: boolean;
}

/**
 * What a commit that the agent tells of has in the folder, beside what was published here.
 *
 * - `same`: the very bytes, whichever commit it is: the other clusters of a branch have commits of their own
 * - `newer`: other ones, in a commit that came after ours
 * - `other`: other ones, in an older commit, or in one that the branch does not have
 */
export type Standing = "same" | "newer" | "other";

/**
 * Whether waiting is over; undefined to go on. All is well only when the agent could read the repository with the
 * credentials that it has now, too: else a key that it has never used would count as one that works.
 *
 * @param request what the agent was asked to look again with: a failure from before that is no news
 */
export function judge(status: AgentStatus, standing: Standing, request: string): SyncOutcome | undefined {
  const { state, message, handled, looked, commit = "" } = status;
  const over = (result: SyncOutcome["result"], said = message): SyncOutcome => ({
    result,
    message: said,
    applied: commit,
  });
  if (state === "suspended") return over("publishedNotVerified", "the agent is suspended for this stack");
  if (state === "absent") return undefined;
  if (standing === "other") return undefined;
  const isRead = looked === request;
  if (standing === "newer") return isRead ? over("superseded", `commit ${commit} came after it`) : undefined;
  if (state === "healthy") return isRead ? over("live") : undefined;
  return state === "failed" && handled === request ? over("failed") : undefined;
}

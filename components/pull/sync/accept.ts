import { Mistake } from "../../mistake";
import type { SyncGateInputs, SyncResult } from "./inputs";
import type { SyncOutcome } from "./judge";

type Accepting = Pick<SyncGateInputs, "release" | "cluster" | "required" | "onUnreachable">;

/** @throws Mistake when it is not live, and cannot be without somebody doing something, or something waits for it. */
export function accepted(inputs: Accepting, outcome: SyncOutcome): SyncResult {
  const { release, cluster } = inputs;
  const { result, message } = outcome;
  const isOpen = !isNeeded(inputs, outcome) && result !== "failed" && result !== "timeout";
  if (result === "live" || isOpen) return result as SyncResult;
  const heading = `${release} is not live in cluster ${JSON.stringify(cluster)}`;
  throw new Mistake(heading, [`${result}: ${message}`, NEXT[result as keyof typeof NEXT]]);
}

/** Whether all ends with it. One that nobody can ask may be said not to, or to do so in any wave. */
function isNeeded({ required, onUnreachable }: Accepting, { isUnreachable = false }: SyncOutcome): boolean {
  return isUnreachable && onUnreachable !== undefined ? onUnreachable === "fail" : required;
}

/** What to do about it. */
const NEXT = {
  failed:
    "it is published, and the agent tries it again; deliver a release that works, nothing has to be undone",
  timeout: "it is published, and the agent goes on with it; run pulumi up again to wait for it",
  publishedNotVerified:
    "it is published, and nothing that comes after it was begun; see that the agent can be asked, and run pulumi up again",
  superseded:
    "nobody has seen it healthy there, so nothing that comes after it was begun; see who has published that, and run pulumi up again",
  proposed: "what comes after it was not begun; merge the pull request, and run pulumi up again",
} as const;

import { setTimeout as sleep } from "node:timers/promises";
import { ClusterApi } from "./api";
import type { Send } from "./api";
import type { Answer } from "./http";

/** How often a request is made that an API server refuses because it is overloaded. */
export const MAX_TRIES = 6;
const FIRST_WAIT_MS = 250;
/** The longest that is waited between two tries, whatever the server asks for, in milliseconds. */
const MAX_WAIT_MS = 5000;

/** The same API for what is looked at once: a refusal that is over in a moment must not count as an answer. */
export function patient({ send }: Pick<ClusterApi, "send">): ClusterApi {
  return new ClusterApi(patientSend(send));
}

function patientSend(send: Send): Send {
  return async (call) => {
    for (let tries = 1; ; tries++) {
      const answer = await send(call);
      if (!isOverloaded(answer) || tries === MAX_TRIES) return answer;
      await sleep(waitMs(answer, tries));
    }
  };
}

const isOverloaded = ({ status }: Answer): boolean => status === 429 || status >= 500;

/** As long as the server asks for, at least. */
function waitMs({ retryAfterSeconds = 0 }: Answer, tries: number): number {
  const backoff = FIRST_WAIT_MS * 2 ** (tries - 1);
  const jittered = backoff / 2 + Math.random() * (backoff / 2);
  return Math.min(Math.max(retryAfterSeconds * 1000, jittered), MAX_WAIT_MS);
}

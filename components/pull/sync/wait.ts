import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 250;

/** Asks again and again until the answer is yes; false when the time is over. */
export async function waitFor(ask: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (await ask()) return true;
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
}

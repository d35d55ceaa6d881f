import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 40;

/** Waits until `condition` is true; false when `timeoutMs` passed first. An error inside counts as "not yet". */
export async function waitUntil(condition: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (await condition().catch(() => false)) return true;
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
}

/** Whether something accepts TCP connections there. Give a port on 127.0.0.1 or the path of a Unix socket. */
export async function accepts(where: number | string): Promise<boolean> {
  const address = typeof where === "number" ? { port: where, host: "127.0.0.1" } : { path: where };
  return new Promise((resolve) => {
    const socket = connect(address);
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => finish(true)).once("error", () => finish(false));
    socket.setTimeout(1_000, () => finish(false));
  });
}

/** Whether an HTTP server answers there with a status below 500. */
export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: "manual" });
  await response.body?.cancel();
  return response.status < 500;
}

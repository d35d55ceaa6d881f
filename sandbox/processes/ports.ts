import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the kernel's default ephemeral range (32768 and up), so that no outgoing connection takes a port we picked. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 200;

/** A loopback TCP port that nothing listens on now. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `No free port between ${FIRST_PORT} and ${LAST_PORT} on 127.0.0.1 after ${ATTEMPTS} tries.`,
  );
}

/** Whether a server could listen on this loopback port now. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1" }, () => probe.close(() => resolve(true)));
  });
}

import { inject } from "vitest";
import type { SandboxInfo } from "../../sandbox/info.ts";
import { upSandbox } from "../../sandbox/sandbox.ts";

/** The sandbox that the tests on real parts share: the first call starts it, and the end of the run removes it. */
export async function sharedSandbox(): Promise<SandboxInfo> {
  return upSandbox({ name: inject("sandboxName") });
}

/**
 * A sandbox of one's own, for tests that need more clusters than the shared one has, or to themselves. The end of the run
 * removes it.
 *
 * @param part tells it from the other sandboxes of this run
 */
export async function ownSandbox(part: string, clusters: readonly string[]): Promise<SandboxInfo> {
  return upSandbox({ name: `${inject("sandboxName")}-${part}`, clusters });
}

import { inject } from "vitest";
import type { SandboxInfo } from "../../sandbox/info.ts";
import { upSandbox } from "../../sandbox/sandbox.ts";

/** The sandbox that the tests on real parts share: the first call starts it, and the end of the run removes it. */
export async function sharedSandbox(): Promise<SandboxInfo> {
  return upSandbox({ name: inject("sandboxName") });
}

import { tryRun } from "../processes/index.ts";
import type { Ask } from "./types.ts";
import { readVersion } from "./versions.ts";

/** How long a binary may take to say its version, in milliseconds. */
export const ASK_TIMEOUT_MS = 15_000;

/** The version that a binary says it has; undefined when it says none, fails or takes too long. */
export async function askVersion(path: string, ask: Ask): Promise<string | undefined> {
  if (ask.by === "plugin") {
    // Loaded late: gRPC and Pulumi's stubs take a fifth of a second, and mostly no plugin is found to be asked.
    const { askPlugin } = await import("./ask-plugin.ts");
    return readVersion((await askPlugin(path, ASK_TIMEOUT_MS)) ?? "");
  }
  const { code, stdout, stderr } = await tryRun(path, ask.args, { timeoutMs: ASK_TIMEOUT_MS });
  return code === 0 ? readVersion(`${stdout}\n${stderr}`) : undefined;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What one run of the engine is given. */
export interface EngineRun {
  /** The variables that it has beside the others. */
  readonly env: { readonly TMPDIR: string };
  /** Asks it to stop. */
  readonly signal: AbortSignal;
}

/**
 * Runs the engine with a folder of its own for temporary files, which is removed when it has ended in whatever way: the
 * Kubernetes plugin leaves the text of a kubeconfig behind in a file. SIGINT and SIGTERM ask the engine to stop, and its
 * end is waited for; at a terminal it gets SIGINT by itself, and a second one would break it off.
 */
export async function stoppable<T>(work: (run: EngineRun) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "delivery-up-"));
  const asked = new AbortController();
  const stop = (): void => asked.abort();
  const interrupt = (): void => {
    if (!process.stdin.isTTY) stop();
  };
  process.on("SIGTERM", stop).on("SIGINT", interrupt);
  try {
    return await work({ env: { TMPDIR: folder }, signal: asked.signal });
  } finally {
    process.off("SIGTERM", stop).off("SIGINT", interrupt);
    rmSync(folder, { recursive: true, force: true });
  }
}

import type { TestProject } from "vitest/node";
import { listSandboxes } from "../../sandbox/info.ts";
import { startTicksOf } from "../../sandbox/processes/index.ts";
import { downSandbox } from "../../sandbox/sandbox.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Name of the sandbox that the tests of this run share. */
    readonly sandboxName: string;
  }
}

const PREFIX = "test-";

/** Names the run's sandbox, removes those of runs that were killed, and at the end its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const names = listSandboxes().filter((name) => name.startsWith(PREFIX));
  const dead = names.filter((name) => startTicksOf(Number(name.slice(PREFIX.length))) === undefined);
  for (const name of dead) await downSandbox(name);
  const own = `${PREFIX}${process.pid}`;
  project.provide("sandboxName", own);
  return () => downSandbox(own);
}

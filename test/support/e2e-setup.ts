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

/** The process that a sandbox was started for: `test-4711` and `test-4711-cli` belong to 4711. */
const ownerOf = (name: string): number => Number.parseInt(name.slice(PREFIX.length), 10);

/** Names the run's sandbox, removes those of runs that were killed, and at the end its own, with those of its parts. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const names = (): string[] => listSandboxes().filter((name) => name.startsWith(PREFIX));
  const dead = names().filter((name) => startTicksOf(ownerOf(name)) === undefined);
  for (const name of dead) await downSandbox(name);
  const own = `${PREFIX}${process.pid}`;
  project.provide("sandboxName", own);
  return async () => {
    for (const name of names().filter((name) => ownerOf(name) === process.pid)) await downSandbox(name);
  };
}

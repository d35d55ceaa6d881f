import { join } from "node:path";
import { report, settings } from "../report.ts";
import { BRANCH, filesOf } from "./content.ts";
import type { PublishSettings } from "./content.ts";
import { cloneInto, pushWithRetries } from "./git.ts";
import type { Clone } from "./git.ts";

const given = settings<PublishSettings>();
const stacks = Array.from({ length: given.stacks }, (_, stack) => stack);
const clones = new Map<number, Clone>();
let retries = 0;

/** The clones are there already, to its favour. */
for (const stack of stacks) {
  clones.set(stack, await cloneInto(join(given.dir, `clone-${stack}`), { ...given, branch: BRANCH }));
}

async function publisher(stack: number): Promise<void> {
  const clone = clones.get(stack)!;
  for (let round = 0; round < given.rounds; round++) {
    clone.write(filesOf(given, stack, round));
    await clone.git("add", "--all");
    await clone.git("commit", "--quiet", "--message", `deploy shop ${stack} ${round}`);
    retries += await pushWithRetries(clone, BRANCH);
  }
}

await report(
  () => Promise.all(stacks.map(publisher)),
  () => ({ retries }),
);

import { join } from "node:path";
import { report, settings } from "../report.ts";
import { BRANCH, filesOf } from "./content.ts";
import type { PublishSettings } from "./content.ts";
import { cloneInto, pushWithRetries } from "./git.ts";

const given = settings<PublishSettings>();

/** The clone is there already, to its favour, and all commits are pushed at once. */
const clone = await cloneInto(join(given.dir, "clone"), { ...given, branch: BRANCH });

await report(async () => {
  for (const [path, text] of Object.entries(filesOf(given, 0, 0))) {
    clone.write({ [path]: text });
    await clone.git("add", "--", path);
    await clone.git("commit", "--quiet", "--message", `deploy ${path}`);
  }
  await pushWithRetries(clone, BRANCH);
});

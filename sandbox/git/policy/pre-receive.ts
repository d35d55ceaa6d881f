import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { ZERO_SHA } from "../names.ts";
import { readList } from "../state/documents.ts";
import { ACTOR_VARIABLE, decodeActor } from "./actor.ts";
import { checkRefChange } from "./protection.ts";
import type { RefChange } from "./protection.ts";
import { findRule } from "./rulesets.ts";

/**
 * Git's pre-receive hook, run by `git receive-pack` in the bare repository for HTTP and SSH alike, only when the
 * repository has protected branches. It sees the pushed objects in quarantine, so it needs Git's own environment.
 */
function refuse(): string[] {
  const statuses = readList(".", "statuses");
  const actor = decodeActor(process.env[ACTOR_VARIABLE]);
  return readFileSync(0, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const change = parseChange(line);
      const rule = findRule(".", change.ref);
      const problems = rule
        ? checkRefChange(rule, { ...change, forced: isForced(change) }, actor, statuses)
        : [];
      return problems.map(
        (problem) => `GH006: Protected branch update failed for ${change.ref}.\nerror: ${problem}`,
      );
    });
}

function parseChange(line: string): RefChange {
  const [before = "", after = "", ref = ""] = line.split(" ");
  return { before, after, ref, forced: false };
}

function isForced({ before, after }: RefChange): boolean {
  if (before === ZERO_SHA || after === ZERO_SHA) return false;
  try {
    execFileSync("git", ["merge-base", "--is-ancestor", before, after], { stdio: "ignore" });
    return false;
  } catch {
    return true;
  }
}

const problems = refuse();
for (const problem of problems) process.stderr.write(`error: ${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

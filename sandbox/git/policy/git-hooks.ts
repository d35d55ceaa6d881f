import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STATE_FOLDER, hooksFolder, spoolFolder } from "../layout.ts";
import { ACTOR_VARIABLE } from "./actor.ts";

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Starting Node costs some 50 ms, so it is only started where there is a rule to check. */
const preReceive = `#!/bin/sh
# Written by the sandbox's Git server at its start: holds branch protection.
[ -e ${STATE_FOLDER}/protection.json ] || [ -e ${STATE_FOLDER}/rulesets.json ] || exit 0
exec ${quote(process.execPath)} --no-warnings ${quote(join(import.meta.dirname, "pre-receive.ts"))}
`;

/** One file a push, renamed when whole: the server finds it now, or at its next start when it was killed. */
const postReceive = (root: string): string => `#!/bin/sh
# Written by the sandbox's Git server at its start: keeps each push until its webhooks were fired.
name=${quote(spoolFolder(root))}/$(date +%s%N)-$$
{ pwd; printf '%s\\n' "\${${ACTOR_VARIABLE}:-}"; cat; } > "$name.new" && mv "$name.new" "$name.push"
`;

/** Writes the Git hooks that all repositories share. */
export function writeGitHooks(root: string): void {
  mkdirSync(hooksFolder(root), { recursive: true, mode: 0o700 });
  mkdirSync(spoolFolder(root), { recursive: true, mode: 0o700 });
  writeHook(join(hooksFolder(root), "pre-receive"), preReceive);
  writeHook(join(hooksFolder(root), "post-receive"), postReceive(root));
}

/** Whole or not at all: a push that outlived a killed server may be reading the old one. */
function writeHook(path: string, script: string): void {
  writeFileSync(`${path}.new`, script, { mode: 0o755 });
  renameSync(`${path}.new`, path);
}

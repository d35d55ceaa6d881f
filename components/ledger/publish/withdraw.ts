import { shown } from "../../manifests";
import { throwIfAny } from "../../mistake";
import type { Git } from "../git";
import type { LedgerRuntime, Publication, PublishArgs } from "./args";
import { checkLocation } from "./check";
import { lastChange } from "./history";
import { patiently } from "./patience";
import { publishWith } from "./publish";
import { withLedger } from "./session";
import { fetchTip } from "./tip";
import { readFolders } from "./tree";

/** Whose folders are removed. */
export type WithdrawArgs = Omit<PublishArgs, "files" | "retired" | "allow">;

/**
 * Removes folders from a branch as one commit; none when they are gone already. A folder that another stack has
 * published to since is left to it.
 *
 * @throws LedgerError when the server does not allow it, or the branch no longer has what was published.
 */
export async function withdraw(args: WithdrawArgs, runtime: LedgerRuntime = {}): Promise<Publication> {
  throwIfAny(`Removal from ${shown(args.branch)}`, checkLocation(args));
  return withLedger(args, runtime, "Removing from", async (git) => {
    const retired = await patiently(runtime, () => ownFolders(git, args));
    return publishWith({ git, runtime, args: { ...args, prefixes: [], files: new Map(), retired } });
  });
}

async function ownFolders(git: Git, { branch, prefixes, known, message }: WithdrawArgs): Promise<string[]> {
  const tip = await fetchTip(git, branch, "--depth=1");
  if (tip === undefined) return [...prefixes];
  const present = await readFolders(git, tip, prefixes);
  const own: string[] = [];
  for (const prefix of prefixes) {
    const changed = present[prefix] !== undefined && present[prefix] !== known?.trees[prefix];
    const publisher = changed ? (await lastChange(git, branch, tip, [prefix]))?.stack : undefined;
    if (publisher === undefined || publisher === message.stack) own.push(prefix);
  }
  return own;
}

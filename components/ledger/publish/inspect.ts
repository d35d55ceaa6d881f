import { canonicalJson, shown } from "../../manifests";
import { LedgerError } from "../failure";
import type { PublishArgs } from "./args";
import { lastChange } from "./history";
import type { Session } from "./publish";
import { removalProblems } from "./removals";
import type { Tip } from "./tip";
import { listOwned, readFolders } from "./tree";
import type { BuiltTree } from "./tree";

/** What was found in the folders, by its object ids: found again, it need not be looked at again. */
export type Inspected = Readonly<Record<string, string>>;

export const NOT_INSPECTED: Inspected = { "": "" };

/**
 * Looks at what would be replaced, before it is.
 *
 * @throws LedgerError when that is another stack's, or too much of it would be removed, and neither is allowed.
 */
export async function inspect(
  session: Session,
  tip: Tip,
  built: BuiltTree,
  before: Inspected,
): Promise<Inspected> {
  const { git, args } = session;
  const { prefixes, retired = [], allow = [] } = args;
  const present = await readFolders(git, tip, [...prefixes, ...retired]);
  if (canonicalJson(present) === canonicalJson(before)) return present;
  const strange = Object.keys(present).filter(
    (prefix) => present[prefix] !== args.known?.trees[prefix] && present[prefix] !== built.trees[prefix],
  );
  if (strange.length > 0 && !allow.includes("foreign")) await assertOwn(session, tip, strange);
  if (!allow.includes("removals")) assertKept(args, await listOwned(git, tip, prefixes));
  return present;
}

/** Edits by hand are replaced, as the next render would; another stack's publication is not. */
async function assertOwn({ git, args }: Session, tip: Tip, prefixes: readonly string[]): Promise<void> {
  const publisher = (await lastChange(git, args.branch, tip, prefixes))?.stack;
  if (publisher === undefined || publisher === args.message.stack.trim()) return;
  throw new LedgerError("foreign", [
    `${prefixes.map(shown).join(", ")} was last published by stack ${shown(publisher)}, and this is ` +
      `${shown(args.message.stack)}: a folder has one owner. Name another folder or branch, or take it over ` +
      `with allow: ["foreign"]`,
  ]);
}

function assertKept({ files, prefixes }: PublishArgs, present: readonly string[]): void {
  const problems = removalProblems(files, present, prefixes);
  if (problems.length > 0) throw new LedgerError("removals", problems);
}

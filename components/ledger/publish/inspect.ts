import { canonicalJson, shown } from "../../manifests";
import { LedgerError } from "../failure";
import { overlaps } from "../location";
import { MAX_REMOVED_SHARE } from "./args";
import type { PublishArgs } from "./args";
import { lastChange } from "./history";
import type { Session } from "./publish";
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

/**
 * Problems of what some folders would lose, each for itself: what an agent finds removed, it deletes from the cluster, and
 * losing most of it at once is more often a mistake.
 */
export function removalProblems(
  files: Pick<ReadonlyMap<string, unknown>, "has">,
  present: readonly string[],
  folders: readonly string[],
): string[] {
  return folders.flatMap((folder) => {
    const ours = present.filter((path) => overlaps(path, folder));
    const removed = ours.filter((path) => !files.has(path));
    if (removed.length <= ours.length * MAX_REMOVED_SHARE) return [];
    const some = removed.slice(0, 3).map(shown).join(", ");
    const more = removed.length > 3 ? ", …" : "";
    return [
      `${removed.length} of ${ours.length} files would be removed from ${shown(folder)} (${some}${more}); ` +
        `if that is meant, say so with allow: ["removals"]`,
    ];
  });
}

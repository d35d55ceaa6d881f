import { ZERO_SHA } from "../names.ts";
import { isAncestor, moveRef } from "../plumbing/index.ts";
import { checkRefChange, findRule } from "../policy/index.ts";
import type { Actor } from "../policy/index.ts";
import { Refusal, conflict } from "../refusals.ts";
import { readList } from "../state/index.ts";
import type { Repository } from "../state/index.ts";
import type { World } from "../world.ts";

export interface RefMove {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly actor: Actor;
  /** How GitHub answers where protection forbids it: 409 for files, 422 for references. */
  readonly refusedWith: 409 | 422;
}

/**
 * The one way by which the API moves a reference: protection is checked, the old value is compared, and
 * everybody who wants to know hears of it.
 *
 * @throws Refusal: of protection, or 409 when somebody else moved it meanwhile
 */
export async function changeRef(world: World, repository: Repository, move: RefMove): Promise<void> {
  const { ref, before, after, actor } = move;
  const rule = findRule(repository.dir, ref);
  if (rule !== undefined) {
    const change = { ref, before, after, forced: await isForced(repository, before, after) };
    const [problem] = checkRefChange(rule, change, actor, readList(repository.dir, "statuses"));
    if (problem !== undefined) throw new Refusal(move.refusedWith, `Could not update ${ref}: ${problem}`);
  }
  if (!(await moveRef(repository.dir, ref, before, after))) {
    throw conflict(`Reference cannot be updated: ${ref} is no longer at ${before}`);
  }
  await world.pushed({ repository, actor, changes: [{ ref, before, after }] });
}

export async function isForced(repository: Repository, before: string, after: string): Promise<boolean> {
  if (before === ZERO_SHA || after === ZERO_SHA) return false;
  return !(await isAncestor(repository.dir, before, after));
}

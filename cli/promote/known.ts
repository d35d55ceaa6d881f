import { Mistake } from "../../components/mistake";
import type { Release } from "../../components/release";
import type { Context } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";
import { rememberedReleases } from "./question";
import type { Facts } from "./question";

/** A release that is looked for, and among which ones. */
export interface Sought {
  /** Its id, or what {@link findRelease} takes for one. */
  readonly id: string;
  /** Those that the files have named, by id. */
  readonly known: ReadonlyMap<string, Release>;
  /** What it is wanted for. */
  readonly what: string;
  /** Where it was looked for, as `no commit of FILE and in no update of its stack`. */
  readonly where: string;
}

/**
 * A release, whole: from the files and their history, else from the updates that the engine remembers.
 *
 * @throws Mistake when neither has it.
 */
export async function knownRelease(
  place: EnvironmentOf,
  facts: Facts,
  { id, known, what, where }: Sought,
  context: Context,
): Promise<Release> {
  const found = findRelease(known, id) ?? findRelease(await rememberedReleases(place, facts, context), id);
  if (found !== undefined) return found;
  throw new Mistake(what, [
    `release ${id} is in ${where}; known are ${[...known.keys()].join(", ") || "none"}. In a shallow clone, get the history with: git fetch --unshallow`,
  ]);
}

/** By its id, or by the part of it that is its hash, or by the beginning of that. */
export function findRelease(known: ReadonlyMap<string, Release>, wanted: string): Release | undefined {
  const exact = known.get(wanted);
  if (exact !== undefined) return exact;
  const fitting = [...known.values()].filter(({ id }) =>
    id.slice(id.lastIndexOf("-") + 1).startsWith(wanted),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

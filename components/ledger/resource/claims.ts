import { shown } from "../../manifests";
import { overlaps } from "../location";
import type { GitCommitInputs } from "./inputs";

interface Claim {
  readonly owner: string;
  readonly place: string;
  readonly prefix: string;
}

type Place = Pick<GitCommitInputs, "owner" | "repository" | "branch">;

/** Servers take an address with and without its ending. */
function placeOf({ repository, branch }: Place): string {
  return `${repository.toLowerCase().replace(/(?:\.git)?\/*$/, "")}\n${branch}`;
}

/**
 * Who owns which folders in the program that is run. The engine asks one process about all of a program's
 * resources, each before it is made, and about what left the program at the end.
 */
export class Claims {
  #claims: readonly Claim[] = [];

  /** Notes what a resource owns; returns a problem for each folder that another one owns, too. */
  claim(inputs: Pick<GitCommitInputs, "owner" | "repository" | "branch" | "prefixes">): string[] {
    const { owner, prefixes } = inputs;
    const place = placeOf(inputs);
    const others = this.#claims.filter((claim) => claim.owner !== owner);
    this.#claims = [...others, ...prefixes.map((prefix) => ({ owner, place, prefix }))];
    return others
      .filter((claim) => claim.place === place)
      .flatMap((claim) =>
        prefixes
          .filter((prefix) => overlaps(prefix, claim.prefix))
          .map(
            (prefix) =>
              `prefixes: ${shown(prefix)} overlaps ${shown(claim.prefix)} of ${shown(claim.owner)}; a folder has one owner`,
          ),
      );
  }

  /** Folders that no other resource of the program owns now. */
  unclaimed(inputs: Place, prefixes: readonly string[]): string[] {
    const place = placeOf(inputs);
    const others = this.#claims.filter((claim) => claim.place === place && claim.owner !== inputs.owner);
    return prefixes.filter((prefix) => !others.some((claim) => overlaps(prefix, claim.prefix)));
  }
}

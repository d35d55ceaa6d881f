import { readBranch } from "../plumbing/index.ts";
import { renderPull, renderRepository, renderUser } from "../render/index.ts";
import { notFound } from "../refusals.ts";
import { readList, writeList } from "../state/index.ts";
import type { Pull, Repository } from "../state/index.ts";
import type { World } from "../world.ts";

/** @throws Refusal (404) when there is no pull request of that number. */
export function findPull(repository: Repository, number: number): Pull {
  const pull = readList(repository.dir, "pulls").find((candidate) => candidate.number === number);
  if (pull === undefined) throw notFound();
  return pull;
}

export function savePull(repository: Repository, pull: Pull): Pull {
  const others = readList(repository.dir, "pulls").filter(({ number }) => number !== pull.number);
  writeList(
    repository.dir,
    "pulls",
    [...others, pull].sort((a, b) => a.number - b.number),
  );
  return pull;
}

/** An open pull request has the head that its branch has now; a closed one keeps its last. */
export async function currentPull(repository: Repository, pull: Pull): Promise<Pull> {
  if (pull.state === "closed") return pull;
  return { ...pull, head_sha: (await readBranch(repository.dir, pull.head_ref)) ?? pull.head_sha };
}

interface PullEvent {
  readonly pull: Pull;
  readonly action: string;
  readonly sender: string;
}

/** Fires the webhooks for something that became of a pull request. */
export function emitPull(world: World, repository: Repository, { pull, action, sender }: PullEvent): void {
  const payload = {
    action,
    number: pull.number,
    pull_request: renderPull(world, repository, pull),
    repository: renderRepository(world, repository),
    sender: renderUser(world, sender),
  };
  world.emit(repository, { name: "pull_request", action, payload });
}

import type { Override } from "../guards";
import type { Deployment } from "../history";
import type { Release } from "../release";
import { releaseIn } from "./recorded";
import { STACK_KEYS } from "./stack-file";

/** What `pulumi stack history --json` says of one update. */
interface StackUpdate {
  readonly kind?: string;
  readonly result?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly config?: Readonly<Record<string, { readonly value?: string; readonly objectValue?: unknown }>>;
}

/** What the engine's history of an environment tells, where no ledger does. */
export interface StackHistory {
  /** The newest first. */
  readonly deployments: readonly Deployment[];
  /** The releases that were run, the newest first. */
  readonly releases: readonly Release[];
}

/**
 * Reads the history of a stack: each `pulumi up` with the release that its file named then. One that held a cluster back at
 * another release has succeeded, and has verified nothing.
 *
 * @param updates what `pulumi stack history --json` prints, the newest first.
 */
export function stackHistory(app: string, updates: readonly StackUpdate[]): StackHistory {
  const known = updates.flatMap((update) => {
    const release = update.kind === "update" ? releaseIn(app, configOf(update)) : undefined;
    return release === undefined ? [] : [{ update, release }];
  });
  const verified = new Set<string>();
  const deployments = known.toReversed().map(({ update, release }, index, all) => {
    const isRollback = verified.has(release.id) && all[index - 1]?.release.id !== release.id;
    const isNewest = index === all.length - 1;
    const deployment = deploymentOf(update, release, { isRollback, isNewest });
    if (deployment.verified !== undefined) verified.add(release.id);
    return deployment;
  });
  const releases = new Map(known.map(({ release }) => [release.id, release]));
  return { deployments: deployments.toReversed(), releases: [...releases.values()] };
}

/** What an update is among the others. */
interface UpdatePlace {
  readonly isRollback: boolean;
  readonly isNewest: boolean;
}

function deploymentOf(
  update: StackUpdate,
  { id, commit }: Release,
  { isRollback, isNewest }: UpdatePlace,
): Deployment {
  const [begun, ended] = [new Date(update.startTime ?? 0), new Date(update.endTime ?? 0)];
  const hasSucceeded = update.result === "succeeded";
  const isVerified = hasSucceeded && !isPartial(update, id);
  const unverified = hasSucceeded && isNewest ? "open" : "failed";
  return {
    ...{ release: id, sourceCommit: commit, begun, clusters: [], isRollback },
    override: overrideOf(update, id),
    verified: isVerified ? ended : undefined,
    outcome: isVerified ? "verified" : unverified,
  };
}

/** Whether a cluster was held back at another release. */
function isPartial(update: StackUpdate, release: string): boolean {
  const { [STACK_KEYS.pins]: pins } = configOf(update) as Record<string, object | undefined>;
  return Object.values(pins ?? {}).some((pin: { readonly id?: unknown } | null) => pin?.id !== release);
}

/** Why that release went on; an override of another one says nothing of it. */
function overrideOf(update: StackUpdate, release: string): string | undefined {
  const { [STACK_KEYS.override]: block } = configOf(update) as Record<string, Partial<Override> | undefined>;
  return block?.release === release ? block.reason : undefined;
}

function configOf({ config = {} }: StackUpdate): Record<string, unknown> {
  const keys = [STACK_KEYS.release, STACK_KEYS.override, STACK_KEYS.pins];
  return Object.fromEntries(keys.map((key) => [key, config[key]?.objectValue ?? parsed(config[key]?.value)]));
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

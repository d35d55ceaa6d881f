import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";
import type { TryOutcome } from "../../components/promotion";
import type { Release } from "../../components/release";
import { runBounded } from "../../components/source/bounded";
import type { Context } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";
import { runEnvironment } from "../up/up";

/** How long a test of the user may take, in seconds. */
const TEST_SECONDS = 1_800;
const MAX_BYTES = 16 * 1024 * 1024;
/** What says that it cannot be decided. Source: git-bisect(1), `run`. */
const UNDECIDED = 125;

/** What is tried, and where. */
export interface Try {
  readonly release: Release;
  readonly cluster: string;
  /** Path of a program that has the last word. */
  readonly test: string | undefined;
}

/** Delivers what the file says, and asks the user's program. What was refused as a whole tells nothing of a release. */
export async function tryRelease(place: EnvironmentOf, one: Try, context: Context): Promise<TryOutcome> {
  const { done, errors, hasFailed } = await runEnvironment(place, context);
  if (done === undefined) {
    errors.forEach((error) => context.progress(`  ${error}`));
    return hasFailed ? "bad" : "undecided";
  }
  return one.test === undefined ? "good" : askTest(one.test, one, context);
}

/** Sentences about a program that cannot be run, before anything is tried. */
export function checkTest(test: string | undefined, { folder }: Context): string[] {
  if (test === undefined) return [];
  const program = resolve(folder, test);
  try {
    accessSync(program, constants.X_OK);
    return [];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return [`${program} cannot be run: ${code}; name a program that can`];
  }
}

async function askTest(
  test: string,
  { release, cluster }: Pick<Try, "release" | "cluster">,
  { env, folder }: Context,
): Promise<TryOutcome> {
  const { code } = await runBounded(resolve(folder, test), [], {
    cwd: folder,
    env: { ...env, DELIVERY_RELEASE: release.id, DELIVERY_CLUSTER: cluster },
    ...{ seconds: TEST_SECONDS, maxBytes: MAX_BYTES },
  });
  if (code === 0) return "good";
  return code === UNDECIDED ? "undecided" : "bad";
}

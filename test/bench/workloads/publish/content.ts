import type { GitEnvironment } from "./git.ts";

/** Where everybody publishes to that has no branch of its own. */
export const BRANCH = "deploy/shop/prod";

/** A branch for each stack, as the ledger has it, or one for all. */
export type Branches = "each" | "one";

export const branchOf = (branches: Branches, stack: number): string =>
  branches === "one" ? BRANCH : `deploy/shop/stack-${stack}`;
/** The environment variable with the token. */
export const TOKEN_VARIABLE = "BENCH_TOKEN";

/** What a publisher is told. */
export interface PublishSettings {
  readonly repository: string;
  /** An empty folder for clones. */
  readonly dir: string;
  /** How a peer's Git reaches the server. */
  readonly env: GitEnvironment;
  readonly token: string;
  /** How many publish at the same time, each into a folder of its own. */
  readonly stacks: number;
  /** How many publications each of them makes, one after the other. */
  readonly rounds: number;
  readonly files: number;
  /** Where our publishers publish to; the peers know one branch. */
  readonly branches: Branches;
  /** Makes this run's content another than that of the run before. */
  readonly seed: string;
}

export const prefixOf = (stack: number): string => `clusters/cluster-${stack}`;

/** What a stack publishes in a round: every file is another one than in the round before. */
export function filesOf(
  { files, seed }: Pick<PublishSettings, "files" | "seed">,
  stack: number,
  round: number,
): Record<string, string> {
  const entries = Array.from({ length: files }, (_, index) => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config-${index}\ndata:\n  seed: "${seed}"\n  round: "${round}"\n`;
    return [`${prefixOf(stack)}/core_configmap_shop_config-${index}.yaml`, text] as const;
  });
  return Object.fromEntries(entries);
}

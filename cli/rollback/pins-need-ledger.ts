import { readStackConfig, STACK_KEYS } from "../../components/promotion";
import type { EnvironmentOf } from "../shell/environment";

/** What would pin clusters, and what can be done without. */
export interface Pinning {
  /** As `--cluster holds them back`. */
  readonly what: string;
  /** As `or give revert-all`. */
  readonly otherwise: string;
}

/**
 * A sentence about pins where nothing would keep them: the program refuses what no ledger tells, so the file must not say it
 * in the first place.
 */
export function checkPinsKept(
  { project, file }: EnvironmentOf,
  { what, otherwise }: Pinning,
): readonly string[] {
  const ledger = project.pipeline.ledger ?? readStackConfig(file)[STACK_KEYS.ledger];
  if (ledger !== undefined) return [];
  return [
    `${what} by pins, and these need a ledger, which has what each cluster was told: ` +
      `add one to the pipeline, ${otherwise}`,
  ];
}

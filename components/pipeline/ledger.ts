import type { LedgerSpec } from "./args";
import type { PipelineDefinition } from "./define";

/**
 * The same pipeline with its deployments recorded at another address, with the defaults of everything else that a
 * `ledger` says; the pipeline as it is when there is no address.
 */
export function withLedger(pipeline: PipelineDefinition, repository: string | undefined): PipelineDefinition {
  return repository === undefined ? pipeline : { ...pipeline, ledger: { repository } };
}

/** Where an environment is recorded. A push applies at once, so that nothing of it waits for a pull request. */
export function ledgerOf(
  { ledger, environments }: PipelineDefinition,
  environment: string,
): LedgerSpec | undefined {
  if (ledger === undefined || environments[environment]?.delivery.mode !== "push") return ledger;
  const kept = Object.entries(ledger).filter(([field]) => field !== "pullRequest");
  return Object.fromEntries(kept) as unknown as LedgerSpec;
}

import type { PipelineDefinition } from "./define";

/**
 * The same pipeline with its deployments recorded at another address, with the defaults of everything else that a
 * `ledger` says; the pipeline as it is when there is no address.
 */
export function withLedger(pipeline: PipelineDefinition, repository: string | undefined): PipelineDefinition {
  return repository === undefined ? pipeline : { ...pipeline, ledger: { repository } };
}

export {
  DEFAULT_LEDGER_CHANGES,
  DEFAULT_LEDGER_DESCRIPTION,
  DEFAULT_LEDGER_BRANCHES,
  DEFAULT_LEDGER_VISIBILITY,
} from "./args";
export type { DeployRepositoryArgs, DeployRepositoryVisibility, LedgerChanges } from "./args";
export { DeployRepository } from "./deploy-repository";

export { CLUSTERS_FOLDER, clusterFolder } from "./clusters";
export type { ClusterFiles } from "./clusters";
export type { FileTexts } from "./content";
export type { LedgerEntry } from "./entries";
export { readLedger } from "./ledger";
export type { Ledger } from "./ledger";

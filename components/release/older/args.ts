import type { LedgerLocation } from "../../ledger";
import type { Rendered } from "../render";
import type { Release } from "../release";

/** Which lists of a release are wanted. Plain JSON: it goes from process to process. */
export interface ReleaseRequest {
  /** The folder that the pipeline's paths begin at: that of `Pulumi.yaml`, in the checkout of the code that renders. */
  readonly root: string;
  readonly app: string;
  readonly release: Release;
  readonly environment: string;
  /** Names of the clusters. */
  readonly clusters: readonly string[];
  /** Where the objects go when that code does not know the environment. */
  readonly namespace: string;
  /** `delivery:config`, as the environment's file has it. */
  readonly settings?: unknown;
}

/** A release that other code than the running one has made. */
export interface OlderRelease extends ReleaseRequest {
  /** Where the environment's deployments are recorded, if they are. */
  readonly ledger?: LedgerLocation;
}

/** What a release's own code answers: the files of each cluster, name → text. */
export interface ReleaseFiles {
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Sentences for the user that change nothing. */
  readonly notes: readonly string[];
}

/** Where a list came from: the running code, the bytes in the ledger, or the code at the release's commit. */
export type RenderedBy = "running code" | "ledger" | "commit";

/** What one cluster is told to run, and where that was read. */
export interface RenderedList extends Rendered {
  readonly by: RenderedBy;
}

/** By the name of the cluster. */
export type RenderedLists = ReadonlyMap<string, RenderedList>;

/** Takes sentences about what goes on, for a user who waits. */
export type Say = (sentence: string) => void;

/** The pipeline's module below the folder of `Pulumi.yaml`, without its extension; it exports `pipeline`. */
export const PIPELINE_MODULE = "infra/pipeline";
/** What it may end with, the first that is there. */
export const PIPELINE_EXTENSIONS = [".ts", ".cts", ".mts", ".js", ".cjs", ".mjs"] as const;

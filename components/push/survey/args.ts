import type { ClusterAccess } from "../../clusters/api/access";
import type { ObjectRef } from "../../clusters/api/api";
import type { Reach } from "../../clusters/probe";
import type { LedgerLocation } from "../../ledger/publish/args";
import type { Manifest } from "../../manifests";

/** What is asked before anything is declared. Plain JSON: it goes to another process. */
export interface SurveyOrder {
  readonly app: string;
  readonly clusters: readonly SurveyedCluster[];
  readonly ledger: LedgerLocation | undefined;
  /** Secrets of the stack's configuration that the ledger's access names. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Whether objects that somebody else has made are looked for. */
  readonly looksForForeign: boolean;
  /** APIs that each cluster has to serve, as `apps/v1`. @default none */
  readonly wanted?: readonly string[];
  /** The release whose way back is asked for. @default none is */
  readonly leaving?: string | undefined;
}

/** One cluster of it. */
export interface SurveyedCluster {
  readonly name: string;
  /** Undefined when it is known only later. */
  readonly access: ClusterAccess | undefined;
  /** The release that it is held at. */
  readonly pin: string | undefined;
  /** What it is about to be told. */
  readonly objects: readonly ObjectRef[];
}

/** A list as a cluster was told it. */
export interface ToldList {
  /** Id of its release, as the record says. */
  readonly release: string;
  /** In the order in which they are applied, without the record. */
  readonly objects: readonly Manifest[];
  readonly contentHash: string;
  readonly record: Manifest;
  /** The bytes, by path in the cluster's folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the ledger says of one cluster. */
export interface Told {
  /** What it has been told to run; undefined when its folder is no list of this application. */
  readonly list: ToldList | undefined;
  /** Objects of what it was told before, since the last list that has succeeded there: some may still be in it. */
  readonly earlier: readonly Manifest[];
  /** Content hash of what it ran when a delivery had succeeded last. */
  readonly verified: string | undefined;
  /** Id of the release before the one that it has been told. */
  readonly previous: string | undefined;
  /** The newest list of the release that it is held at; undefined when it never was told that. */
  readonly pinned: ToldList | undefined;
  /** UID of `kube-system` when a delivery had succeeded last. */
  readonly uid: string | undefined;
  /**
   * Whether what it has been told was a way back, by the environment or by a pin, on which not every migration was applied.
   * Undefined where the commit that told it names no release.
   */
  readonly isWayBack?: boolean | undefined;
}

/** An object that is in a cluster and that somebody else has made. */
export interface ForeignObject {
  /** As `ConfigMap shop/web`. */
  readonly title: string;
  /** Who, as its `managedFields` have it. */
  readonly owner: string;
}

/** A release that has succeeded in an environment, and when last, in milliseconds. */
export interface WayBack {
  readonly release: string;
  readonly at: number;
}

/** What is the case before anything is declared. */
export interface Survey {
  /** By cluster; those that were not asked are left out. */
  readonly reach: Readonly<Record<string, Reach>>;
  /** By cluster, those included that are no part of the delivery any more; none without a ledger. */
  readonly told: Readonly<Record<string, Told>>;
  /** What the ledger says under names that clusters had before. @default nothing */
  readonly former?: Readonly<Record<string, Told>>;
  readonly foreign: Readonly<Record<string, readonly ForeignObject[]>>;
  /**
   * Keys of objects that a cluster was told since its last success and that are not in it: they never came there, or
   * somebody has removed them. @default none
   */
  readonly missing?: Readonly<Record<string, readonly string[]>>;
  /** APIs that a cluster was to serve and does not. @default none */
  readonly lacking?: Readonly<Record<string, readonly string[]>>;
  /** What would be gone back to, where that was asked; undefined when nothing else has succeeded. */
  readonly back?: WayBack | undefined;
  /** Why the ledger could not be read. */
  readonly ledgerProblem: string | undefined;
}

/** Nothing was asked, as in a program that is run without an engine. */
export const NO_SURVEY: Survey = { reach: {}, told: {}, foreign: {}, ledgerProblem: undefined };

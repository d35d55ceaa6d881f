import type { ClusterTarget } from "../clusters";
import { shown } from "../manifests";
import { checkConsents } from "../ledger/publish/consent";
import type { Consent } from "../ledger";
import type { PushDeliveryArgs, Retirement } from "../push";
import { checkRelease } from "../release";
import type { PipelineDefinition } from "./define";

/** What a stack's file says of single clusters. */
export interface StandingSettings {
  /** `delivery:pins`: clusters that are held back, and the release block that each stays at or goes back to. */
  readonly pins?: unknown;
  /** `delivery:retired`: clusters that are given up by the next update, `delete` or `orphan` by name. */
  readonly retired?: unknown;
  /** `delivery:rebuilt`: names of clusters that were built anew, for one update. */
  readonly rebuilt?: unknown;
  /** `delivery:adopt`: whether the next update takes over what others have made in the clusters. */
  readonly adopt?: unknown;
  /** `delivery:allow`: what the ledger refuses otherwise, as `["removals"]`, for one update. */
  readonly allow?: unknown;
}

/** Problems of what a stack's file says of single clusters. */
export function checkStandings(
  { app, environments, clusters, ledger }: PipelineDefinition,
  stack: string,
  settings: StandingSettings & { readonly ledger?: string },
): string[] {
  const { pins, retired, rebuilt, adopt, allow } = settings;
  const at = (key: string): string => `stacks/Pulumi.${stack}.yaml: delivery:${key}`;
  const members = (environments[stack]?.waves ?? []).flatMap((wave) => wave.clusters);
  const isSaid = Object.keys(asRecord(pins) ?? {}).length + Object.keys(asRecord(retired) ?? {}).length > 0;
  return [
    ...checkRecord(at("pins"), pins, "a release block by cluster", (cluster, block) => [
      ...checkMember(at("pins"), cluster, members),
      ...checkBlock(`${at("pins")}.${cluster}`, block, app),
    ]),
    ...checkRecord(at("retired"), retired, '"delete" or "orphan" by cluster', (cluster, how) => [
      ...checkMember(at("retired"), cluster, Object.keys(clusters)),
      ...checkHow(`${at("retired")}.${cluster}`, how),
    ]),
    ...(isSaid && (ledger ?? settings.ledger) === undefined
      ? [`${at("pins and retired")} need a ledger; add one to the pipeline`]
      : []),
    ...(environments[stack]?.delivery.mode === "flux" ? checkPulled(at, settings) : []),
    ...checkNames(at("rebuilt"), rebuilt, members),
    ...(adopt === undefined || typeof adopt === "boolean"
      ? []
      : [`${at("adopt")} is ${shown(adopt)}; give true or false`]),
    ...checkConsents(at("allow"), allow),
  ];
}

function checkHow(field: string, how: unknown): string[] {
  return how === "delete" || how === "orphan" ? [] : [`${field} is ${shown(how)}; give "delete" or "orphan"`];
}

/** What is only about what Pulumi applies itself. */
function checkPulled(at: (key: string) => string, { adopt }: StandingSettings): string[] {
  return adopt === undefined ? [] : [`${at("adopt")} is of a push, and agents deliver here; remove it`];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : undefined;
}

function checkRecord(
  field: string,
  value: unknown,
  form: string,
  check: (cluster: string, entry: unknown) => string[],
): string[] {
  if (value === undefined) return [];
  const entries = asRecord(value);
  if (entries === undefined) return [`${field} is ${shown(value)}; give ${form}`];
  return Object.entries(entries).flatMap(([cluster, entry]) => check(cluster, entry));
}

function checkMember(field: string, cluster: string, members: readonly string[]): string[] {
  if (members.includes(cluster)) return [];
  const list = members.map(shown).join(", ") || "none";
  return [`${field} names cluster ${shown(cluster)}, which is none of ${list}; correct or remove it`];
}

/** An older release may have had other images than the pipeline has. */
function checkBlock(field: string, block: unknown, app: string): string[] {
  const images = asRecord(asRecord(block)?.["images"]);
  return checkRelease(field, block, { app, images: Object.keys(images ?? {}) });
}

function checkNames(field: string, names: unknown, members: readonly string[]): string[] {
  if (names === undefined) return [];
  if (!Array.isArray(names)) return [`${field} is ${shown(names)}; give a list of clusters`];
  return names.flatMap((name) => checkMember(field, String(name), members));
}

/** What is delivered by it. Give it what {@link checkStandings} found no problem in. */
export function standingOf(
  { clusters }: PipelineDefinition,
  { pins, retired, rebuilt, adopt }: StandingSettings,
): Pick<PushDeliveryArgs, "pins" | "retired" | "rebuilt" | "adopt"> {
  const ids = Object.entries((pins ?? {}) as Record<string, { id: string }>).map(([name, { id }]) => [
    name,
    id,
  ]);
  const given = Object.entries((retired ?? {}) as Record<string, Retirement>);
  return {
    pins: Object.fromEntries(ids) as Record<string, string>,
    retired: given.map(([name, how]) => ({ ...targetOf(clusters, name), retired: how })),
    rebuilt: (rebuilt ?? []) as readonly string[],
    adopt: (adopt ?? false) as boolean,
  };
}

/** A cluster of a pipeline as a delivery takes it. */
export function targetOf(clusters: PipelineDefinition["clusters"], name: string): ClusterTarget {
  const { context, formerly, allowInsecureTls } = clusters[name]!;
  return {
    ...{ name, context },
    ...(formerly === undefined ? {} : { formerly }),
    ...(allowInsecureTls === undefined ? {} : { allowInsecureTls }),
  };
}

/** What the ledger is told to let pass. */
export function consentsOf({ allow }: StandingSettings): { readonly allow?: readonly Consent[] } {
  return allow === undefined ? {} : { allow: allow as readonly Consent[] };
}

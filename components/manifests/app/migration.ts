import { throwIfAny } from "../../mistake";
import { fieldsOf } from "../fields";
import type { Manifest } from "../manifest";
import { shown } from "../names";
import { checkWord, jobManifest, jobObjects, jobSpec } from "./job";
import { checkJob, resolveJob } from "./job-args";
import type { MigrationArgs, OncePer, OnRollback } from "./job-args";

/** Annotation of a migration's Job: `environment` or `cluster`. The delivery reads it. */
export const ONCE_PER_ANNOTATION = "pulumi-delivery/once-per";
/** Annotation of a migration's Job: `skip` or `run`. The delivery reads it. */
export const ON_ROLLBACK_ANNOTATION = "pulumi-delivery/on-rollback";

/** Hex digits of a release's id. */
const RELEASE_LENGTH = 12;
const MAX_MIGRATION_NAME = 63 - RELEASE_LENGTH - 1;
const RELEASE = /-([0-9a-f]{12})$/;

/**
 * A migration: ServiceAccount, ConfigMap (when there is `config`) and a Job named `<name>-<end of the release's id>`.
 * It is over before the workloads of the list start. Which clusters run it, and whether on the way back, is said by
 * annotations that {@link migrationOf} reads.
 *
 * @throws Mistake with every problem of the arguments.
 */
export function migration(args: MigrationArgs): Manifest[] {
  const call = `migration(${JSON.stringify(args.name)})`;
  throwIfAny(call, checkMigration(args));
  const resolved = resolveJob(args);
  const name = `${args.name}-${RELEASE.exec(args.release)?.[1]}`;
  const made = jobManifest(resolved, name, jobSpec(resolved));
  const annotations = {
    ...made.metadata.annotations,
    [ONCE_PER_ANNOTATION]: args.oncePer ?? "cluster",
    [ON_ROLLBACK_ANNOTATION]: args.onRollback ?? "skip",
  };
  return jobObjects(call, resolved, { ...made, metadata: { ...made.metadata, annotations } });
}

function checkMigration(args: MigrationArgs): string[] {
  const { release, oncePer, onRollback } = args;
  const fix = "give the id of the release, as the context of manifests has it";
  return [
    ...checkJob(args, MAX_MIGRATION_NAME),
    ...(RELEASE.test(release) ? [] : [`release is ${shown(release)}; ${fix}`]),
    ...checkWord("oncePer", oncePer, ["environment", "cluster"]),
    ...checkWord("onRollback", onRollback, ["skip", "run"]),
  ];
}

/** How a migration is to be run; undefined for an object that is none. */
export function migrationOf(manifest: Manifest): { oncePer: OncePer; onRollback: OnRollback } | undefined {
  const annotations = fieldsOf(manifest.metadata.annotations);
  const oncePer = annotations[ONCE_PER_ANNOTATION];
  if (manifest.kind !== "Job" || oncePer === undefined) return undefined;
  const onRollback = annotations[ON_ROLLBACK_ANNOTATION] === "run" ? "run" : "skip";
  return { oncePer: oncePer === "environment" ? "environment" : "cluster", onRollback };
}

import { fieldsOf } from "../fields";
import type { Manifest } from "../manifest";
import type { OncePer, OnRollback } from "./job-args";

/** Annotation of a migration's objects: `environment` or `cluster`. The delivery reads it. */
export const ONCE_PER_ANNOTATION = "pulumi-delivery/once-per";
/** Annotation of a migration's objects: `skip` or `run`. The delivery reads it. */
export const ON_ROLLBACK_ANNOTATION = "pulumi-delivery/on-rollback";

/** How a migration is to be run. */
export interface Migration {
  readonly oncePer: OncePer;
  readonly onRollback: OnRollback;
}

/** How the migration that an object belongs to is to be run; undefined for an object that belongs to none. */
export function migrationOf(manifest: Manifest): Migration | undefined {
  const annotations = fieldsOf(manifest.metadata.annotations);
  const oncePer = annotations[ONCE_PER_ANNOTATION];
  if (oncePer === undefined) return undefined;
  const onRollback = annotations[ON_ROLLBACK_ANNOTATION] === "run" ? "run" : "skip";
  return { oncePer: oncePer === "environment" ? "environment" : "cluster", onRollback };
}

/** Whether an object belongs to a migration that one cluster runs for all of its environment. */
export function isOncePerEnvironment(manifest: Manifest): boolean {
  return migrationOf(manifest)?.oncePer === "environment";
}

/** Whether an object belongs to a migration that is left out on the way back. */
export function isSkippedOnRollback(manifest: Manifest): boolean {
  return migrationOf(manifest)?.onRollback === "skip";
}

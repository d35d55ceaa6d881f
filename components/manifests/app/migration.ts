import { throwIfAny } from "../../mistake";
import type { Manifest } from "../manifest";
import { shown } from "../names";
import { withOrigin } from "../origin";
import { checkWord, jobManifest, jobObjects, jobSpec } from "./job";
import { checkJob, DEFAULT_ON_ROLLBACK, DEFAULT_ONCE_PER, resolveJob } from "./job-args";
import type { MigrationArgs } from "./job-args";
import { ON_ROLLBACK_ANNOTATION, ONCE_PER_ANNOTATION } from "./migration-of";

/** Hex digits of a release's id. */
const RELEASE_LENGTH = 12;
const MAX_MIGRATION_NAME = 63 - RELEASE_LENGTH - 1;
const RELEASE = /-([0-9a-f]{12})$/;

/**
 * A migration: ServiceAccount, ConfigMap (when there is `config`) and a Job named `<name>-<end of the release's id>`.
 * It is over before the workloads of the list start. Which clusters run it, and whether on the way back, is said by
 * annotations of all three, which {@link migrationOf} reads and every delivery goes by.
 *
 * @throws Mistake with every problem of the arguments.
 */
export function migration(args: MigrationArgs): Manifest[] {
  const call = `migration(${JSON.stringify(args.name)})`;
  throwIfAny(call, checkMigration(args));
  const resolved = resolveJob(args);
  const name = `${args.name}-${RELEASE.exec(args.release)?.[1]}`;
  const made = jobObjects(call, resolved, jobManifest(resolved, name, jobSpec(resolved)));
  return made.map((manifest) => withOrigin(marked(manifest, args), call));
}

function marked(manifest: Manifest, { oncePer, onRollback }: MigrationArgs): Manifest {
  const { metadata } = manifest;
  const annotations = {
    ...metadata.annotations,
    [ONCE_PER_ANNOTATION]: oncePer ?? DEFAULT_ONCE_PER,
    [ON_ROLLBACK_ANNOTATION]: onRollback ?? DEFAULT_ON_ROLLBACK,
  };
  return { ...manifest, metadata: { ...metadata, annotations } };
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

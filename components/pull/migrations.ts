import { APPLY_STAGES, migrationOf, stageOf, titleOf } from "../manifests";
import type { Manifest } from "../manifests";
import { podTemplateOf } from "../manifests/pods";
import type { ClusterList } from "../push/cluster-list";
import type { ClusterLists } from "../push/render";
import type { PullSources } from "./sources";

/** What the agent of a cluster applies: all but migrations. */
export function appliedByAgent({ objects, record }: ClusterList): Manifest[] {
  return [...objects.filter((object) => migrationOf(object) === undefined), record];
}

/** What is run in a cluster before anything is published for it, by stages. */
export function migrationsOf({ applied }: Pick<ClusterList, "applied">): Manifest[][] {
  const objects = applied.filter((object) => migrationOf(object) !== undefined);
  const stages = APPLY_STAGES.map((stage) => objects.filter((object) => stageOf(object) === stage));
  return stages.filter((stage) => stage.length > 0);
}

/** Where a pod names what it reads: field → kind, and the field below that has the name. */
const READS: Readonly<Record<string, readonly [kind: string, field: string]>> = {
  configMapRef: ["ConfigMap", "name"],
  configMapKeyRef: ["ConfigMap", "name"],
  configMap: ["ConfigMap", "name"],
  secretRef: ["Secret", "name"],
  secretKeyRef: ["Secret", "name"],
  secret: ["Secret", "secretName"],
  persistentVolumeClaim: ["PersistentVolumeClaim", "claimName"],
};

/**
 * Problems of migrations that read what an agent applies: they run before it does so, and would see the last release's,
 * or wait for what is not there.
 */
export function checkMigrations(lists: ClusterLists, sources: PullSources): string[] {
  if (sources === "elsewhere") return checkNone(lists);
  const problems = [...lists.values()].flatMap((list) => {
    const later = new Set(appliedByAgent(list).map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    const runs = list.objects.filter((object) => object.kind === "Job" && migrationOf(object) !== undefined);
    return runs.flatMap((run) =>
      readBy(podTemplateOf(run)?.spec)
        .filter((read) => later.has(read))
        .map((read) => problemOf(run, read)),
    );
  });
  return [...new Set(problems)];
}

/** Whoever only publishes may run nothing in a cluster. */
function checkNone(lists: ClusterLists): string[] {
  const runs = [...lists.values()].flatMap((list) => migrationsOf(list).flat());
  const problems = runs.map(
    (run) => `${titleOf(run)} is a migration, which is run here; it needs sources: "here"`,
  );
  return [...new Set(problems)];
}

function problemOf(run: Manifest, read: string): string {
  const why = "an agent applies that after the migration has run";
  return `${titleOf(run)} reads ${read}, and ${why}; give the migration its own "config", or make that beside the list`;
}

/** What a pod reads, as `ConfigMap shop-config`. */
function readBy(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(readBy);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [...nameIn(key, below), ...readBy(below)]);
}

function nameIn(key: string, below: unknown): string[] {
  const [kind, field] = Object.hasOwn(READS, key) ? READS[key]! : [];
  const name = field === undefined ? undefined : (below as Record<string, unknown> | null)?.[field];
  return typeof name === "string" ? [`${kind} ${name}`] : [];
}

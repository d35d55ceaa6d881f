import type { Deployment } from "../history/deployments";
import type { Release } from "../release";
import type { ImagePresence } from "./images";

/** A release that has succeeded in an environment. */
export interface VerifiedRelease {
  readonly id: string;
  /** When last. */
  readonly verified: Date;
}

/** What has succeeded in an environment, in the order of its deployments. */
export function verifiedReleases(deployments: readonly Deployment[]): VerifiedRelease[] {
  return deployments.flatMap(({ release, verified }) =>
    verified === undefined ? [] : [{ id: release, verified }],
  );
}

/**
 * The release to go back to when another one is left: what has succeeded last before that one first did. So a second
 * way back leads further back, and not to the release that the first one left.
 */
export function wayBackFrom(
  leaving: string | undefined,
  verified: readonly VerifiedRelease[],
): VerifiedRelease | undefined {
  const own = verified.filter(({ id }) => id === leaving).map((one) => one.verified.getTime());
  const first = Math.min(...own);
  const before = verified.filter((one) => one.id !== leaving && one.verified.getTime() < first);
  return before.toSorted((a, b) => b.verified.getTime() - a.verified.getTime())[0];
}

/** Clusters that are changed one after the other or at once. */
export interface WaveOfClusters {
  readonly name: string;
  readonly clusters: readonly string[];
}

/** What is known of the way back. */
export interface RecoveryFacts {
  readonly environment: string;
  readonly waves: readonly WaveOfClusters[];
  /** What it leaves. */
  readonly leaving: Release | undefined;
  readonly target: Release;
  /** When the target has succeeded here last; undefined when it never has. */
  readonly verified: Date | undefined;
  readonly images: ImagePresence;
  /** Only these clusters go back. @default the whole environment */
  readonly clusters?: readonly string[];
}

/** How an environment is brought back, and what stands in the way. */
export interface RecoveryPlan {
  readonly environment: string;
  /** Id of the release. */
  readonly target: string;
  readonly verified: Date | undefined;
  readonly images: ImagePresence;
  readonly schema: SchemaVerdict;
  readonly waves: readonly WaveOfClusters[];
  /** What brings it back. */
  readonly command: string;
  /** Why it cannot be gone; none when it can. */
  readonly problems: readonly string[];
}

/** `none`: the releases say nothing about a database. */
export type SchemaVerdict = "none" | "compatible" | "incompatible";

/** The plan of the way back, from facts alone. */
export function recoveryPlan(facts: RecoveryFacts): RecoveryPlan {
  const { environment, waves, leaving, target, verified, images, clusters = [] } = facts;
  const schema = schemaVerdict(leaving, target);
  return {
    ...{ environment, target: target.id, verified, images, schema, waves },
    command: ["delivery rollback", environment, ...clusters.map((name) => `--cluster ${name}`)].join(" "),
    problems: [
      ...(verified === undefined ? [`${target.id} has never succeeded in ${environment}`] : []),
      ...Object.entries(images)
        .filter(([, presence]) => presence === "missing")
        .map(([name]) => `the registry no longer has image ${name} of it: ${target.images[name]}`),
      ...(schema === "incompatible" ? [schemaProblem(leaving!, target)] : []),
    ],
  };
}

/**
 * Whether a release's code works with the schema that another one leaves behind: its own revision is at least the
 * oldest one that the newer release is compatible with.
 */
export function schemaVerdict(leaving: Release | undefined, target: Release): SchemaVerdict {
  if (leaving?.schema === undefined) return "none";
  const revision = target.schema?.revision ?? 0;
  const fits = revision >= leaving.schema.minCompatible || revision >= leaving.schema.revision;
  return fits ? "compatible" : "incompatible";
}

function schemaProblem(leaving: Release, target: Release): string {
  const { revision, minCompatible } = leaving.schema!;
  return (
    `its code is of schema ${target.schema?.revision ?? 0}, and the database is at ${revision}, which works with ` +
    `${minCompatible} and newer; go back to a newer release, or migrate the database back first`
  );
}

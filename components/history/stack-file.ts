import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Hold, Override } from "../guards";
import { readStackConfig } from "../promotion/stack-file";
import { settingsHash } from "../release";
import type { Release } from "../release";
import { libraries } from "../libraries";

/** What the file of an environment's stack says about it. */
export interface StackFile {
  /** `delivery:release`: what it is to run. */
  readonly release: Pick<Release, "id" | "commit"> | undefined;
  /** Hash of `delivery:config`, as the record of a cluster has it. */
  readonly settings: string | undefined;
  /** `delivery:pins`: clusters that are held back, and the release that each stays at. */
  readonly pins: Readonly<Record<string, string>>;
  /** `delivery:hold`: automation stays away. */
  readonly hold: Hold | undefined;
  /** `delivery:override`: why a release goes on over a guard. */
  readonly override: Override | undefined;
  /** `delivery:ledger`: the repository of the ledger, where it is another one than the pipeline's. */
  readonly ledger: string | undefined;
}

/** Path of a stack's file, whether it exists or not. Source: Pulumi, "Project file", `stackConfigDir`. */
export function stackFilePath(root: string, stack: string): string {
  const project = ["Pulumi.yaml", "Pulumi.yml"]
    .map((name) => join(root, name))
    .find((path) => existsSync(path));
  const { stackConfigDir = "." } = (
    project === undefined ? {} : (libraries.yaml.parse(readFileSync(project, "utf8")) ?? {})
  ) as {
    stackConfigDir?: string;
  };
  return join(root, stackConfigDir, `Pulumi.${stack}.yaml`);
}

/**
 * Reads the file of a stack; one that does not exist says nothing.
 *
 * @throws Mistake when it is not YAML.
 */
export function readStackFile(path: string): StackFile {
  return stackFileOf(existsSync(path) ? readStackConfig(path) : {});
}

/** What the configuration of a stack says, by its full names. What has another form is left out. */
export function stackFileOf(config: Readonly<Record<string, unknown>>): StackFile {
  const release = asRecord(config["delivery:release"]);
  const override = asRecord(config["delivery:override"]);
  const pins = Object.entries(asRecord(config["delivery:pins"]) ?? {});
  const ledger = config["delivery:ledger"];
  return {
    release: hasTexts(release, "id", "commit") ? { id: release.id, commit: release.commit } : undefined,
    settings: settingsHash(config["delivery:config"]),
    pins: Object.fromEntries(pins.map(([cluster, pin]) => [cluster, String(asRecord(pin)?.id ?? pin)])),
    hold: holdOf(asRecord(config["delivery:hold"])),
    override: hasTexts(override, "release", "reason")
      ? { release: override.release, reason: override.reason }
      : undefined,
    ledger: typeof ledger === "string" ? ledger : undefined,
  };
}

function holdOf(hold: Readonly<Record<string, unknown>> | undefined): Hold | undefined {
  if (hold === undefined) return undefined;
  const until = new Date(String(hold.until));
  const reason = typeof hold.reason === "string" ? hold.reason : "no reason is given";
  return Number.isNaN(until.getTime()) ? { reason } : { reason, until };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : undefined;
}

function hasTexts<Name extends string>(
  value: Readonly<Record<string, unknown>> | undefined,
  ...names: readonly Name[]
): value is Readonly<Record<Name, string>> {
  return value !== undefined && names.every((name) => typeof value[name] === "string");
}

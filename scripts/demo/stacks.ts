import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import type { ConfigMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Release } from "pulumi-delivery";

/** What a run of one stack changed and said. */
export interface StackRun {
  readonly stack: string;
  /** Resources created, updated, replaced and deleted, together. */
  readonly changes: number;
  /** The changes by kind, as `2 created, 1 updated`; `no change` when there is none. */
  readonly summary: string;
  readonly release: Release;
  /** What runs where, by cluster. */
  readonly record: Readonly<Record<string, ClusterState>>;
  /** The clusters that have an agent. */
  readonly clusters: readonly string[];
}

interface ClusterState {
  readonly release: string;
  readonly wave: string;
  /** How the delivery ended that an agent makes; undefined where it was pushed. */
  readonly result?: string;
}

export interface StackSettings {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Opens a stack of the project, which is made when it does not exist, with this configuration. */
export async function openStack(
  stackName: string,
  settings: StackSettings,
  config: ConfigMap,
): Promise<Stack> {
  const { root, env } = settings;
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, workDir: root },
    { envVars: { ...env } },
  );
  await setConfig(stack, config);
  return stack;
}

/** Runs `pulumi up`; `onOutput` gets what Pulumi prints. */
export async function upStack(stack: Stack, onOutput: (text: string) => void): Promise<StackRun> {
  const { summary, outputs } = await stack.up({ onOutput, onError: onOutput, color: "never" });
  const changed = Object.entries(summary.resourceChanges ?? {}).filter(([kind]) => kind in CHANGES);
  return {
    stack: stack.name,
    changes: changed.reduce((sum, [, count]) => sum + count, 0),
    summary: changed.map(([kind, count]) => `${count} ${CHANGES[kind]}`).join(", ") || "no change",
    release: outputs.release?.value as Release,
    record: (outputs.record?.value ?? {}) as StackRun["record"],
    clusters: (outputs.clusters?.value ?? []) as StackRun["clusters"],
  };
}

/** What the engine did with resources, as far as it changed anything: it also says "same" and "read". */
const CHANGES: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/** Only what differs: setting a value rewrites the stack's file. */
async function setConfig(stack: Stack, config: ConfigMap): Promise<void> {
  const known = await stack.getAllConfig();
  const entries = Object.entries(config).filter(([key, { value }]) => known[key]?.value !== value);
  if (entries.length > 0) await stack.setAllConfig(Object.fromEntries(entries));
}

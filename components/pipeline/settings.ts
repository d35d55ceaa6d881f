import type { Override } from "../guards";
import { checkRepository } from "../ledger";
import { checkHold } from "../promotion/hold";
import { checkRelease } from "../release";
import { shown } from "../manifests";
import { AGENTS_STACK, BUILD_STACK } from "./args";
import type { Config } from "./args";
import type { PipelineDefinition } from "./define";
import { checkStandings } from "./standing";
import type { StandingSettings } from "./standing";

/** What a stack's file says, as it was read. */
export interface StackSettings extends StandingSettings {
  /** Name of the stack: `build`, or an environment of the pipeline. */
  readonly stack: string;
  /** `delivery:release`: what this environment is to run. */
  readonly release?: unknown;
  /** `delivery:config`: what this environment has otherwise than the pipeline's `config`. */
  readonly config?: unknown;
  /**
   * `delivery:ledger`: address of the repository where deployments are recorded, in place of the pipeline's `ledger`
   * and with the defaults of everything else there, as `http://127.0.0.1:3000/acme/deploy.git`.
   * @default the pipeline's `ledger`
   */
  readonly ledger?: string;
  /** `delivery:hold`: nothing is promoted to this environment while it holds; see {@link HoldBlock}. */
  readonly hold?: unknown;
  /** `delivery:override`: why its release goes on over a guard; the ledger's commits say so. */
  readonly override?: unknown;
}

/** Problems of a stack's settings, each naming the file and the field. */
export function checkSettings(pipeline: PipelineDefinition, settings: StackSettings): string[] {
  const { stack } = settings;
  if (stack === BUILD_STACK) return [];
  const names = Object.keys(pipeline.environments);
  if (!names.includes(stack)) {
    const known = [BUILD_STACK, ...names].map(shown).join(", ");
    return [`stack ${shown(stack)} is no environment of the pipeline; ${remedyFor(stack, known)}`];
  }
  return [
    ...checkReleaseBlock(pipeline, settings),
    ...checkConfig(stack, pipeline.config, settings.config),
    ...checkLedgerAddress(settings),
    ...(settings.hold === undefined ? [] : checkHold(`${fileOf(stack)}: delivery:hold`, settings.hold)),
    ...checkOverride(settings),
    ...checkStandings(pipeline, stack, settings),
  ];
}

/** A program that was written before an environment was left to agents knows nothing of their stack. */
function remedyFor(stack: string, known: string): string {
  return stack === AGENTS_STACK
    ? "it has the agents: let the program make PipelineAgents for it, as delivery init writes it into infra/index.ts"
    : `select one of ${known}`;
}

const fileOf = (stack: string): string => `stacks/Pulumi.${stack}.yaml`;

function checkReleaseBlock(
  { app, images, environments }: PipelineDefinition,
  { stack, release }: StackSettings,
): string[] {
  if (release === undefined) {
    const from = environments[stack]?.from;
    return [
      `${fileOf(stack)} has no delivery:release; promote one from ${shown(from)} with: delivery promote ${stack}`,
    ];
  }
  return checkRelease(`${fileOf(stack)}: delivery:release`, release, { app, images: Object.keys(images) });
}

function checkConfig(stack: string, defaults: Config, config: unknown): string[] {
  const field = `${fileOf(stack)}: delivery:config`;
  if (config === undefined) return [];
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    const what = Array.isArray(config) ? "a list" : `${config === null ? "null" : typeof config}`;
    return [`${field} is ${what}; give settings by name`];
  }
  return Object.entries(config).flatMap(([name, value]) =>
    checkSetting(`${field}.${name}`, value, defaults, name),
  );
}

function checkSetting(field: string, value: unknown, defaults: Config, name: string): string[] {
  if (!Object.hasOwn(defaults, name)) {
    const known = Object.keys(defaults).map(shown).join(", ") || "none";
    return [
      `${field} is no setting of the pipeline, whose config has ${known}; add it there or remove it here`,
    ];
  }
  const expected = typeof defaults[name];
  if (typeof value === expected && !Number.isNaN(value)) return [];
  return [`${field} has to be a ${expected}, as in the pipeline's config; its value is not shown`];
}

function checkLedgerAddress({ stack, ledger }: StackSettings): string[] {
  if (ledger === undefined) return [];
  return checkRepository(ledger).map((problem) => `${fileOf(stack)}: delivery:ledger: ${problem}`);
}

function checkOverride({ stack, override }: StackSettings): string[] {
  if (override === undefined || overrideOf(override) !== undefined) return [];
  const field = `${fileOf(stack)}: delivery:override`;
  return [
    `${field} is ${shown(override)}; give { release, reason }, as delivery promote --override writes it`,
  ];
}

/** The override of a block; undefined when it has another form. */
function overrideOf(block: unknown): Override | undefined {
  const { release, reason } = (block ?? {}) as Partial<Override>;
  return typeof release === "string" && typeof reason === "string" ? { release, reason } : undefined;
}

/**
 * Why the release goes on over a guard; an override of another release is none. It is what the file says, whether a guard
 * still blocks or not: the later waves and the next run of a release that was begun are told with the same words.
 */
export function overrideReason({ override }: StackSettings, release: string): string | undefined {
  const found = overrideOf(override);
  return found?.release === release ? found.reason : undefined;
}

/** The settings of an environment: the pipeline's, with what the stack says otherwise. */
export function resolveConfig({ config }: PipelineDefinition, settings: StackSettings): Config {
  return { ...config, ...(settings.config as Config | undefined) };
}

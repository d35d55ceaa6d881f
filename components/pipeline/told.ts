import { canonicalJson } from "../manifests";
import type { Kind } from "../manifests/rules";
import type { PipelineDefinition } from "./define";
import { grantedKinds, isToldByAgents } from "./flux";
import type { FluxMode } from "./flux";

/** An environment of the pipeline that says `sources: "agents"`. */
export interface ToldEnvironment {
  readonly name: string;
  readonly mode: FluxMode;
  readonly namespace: string;
  readonly clusters: readonly string[];
}

/** The environments whose agents the stack `agents` tells where to read. */
export function toldEnvironments({
  environments,
}: Pick<PipelineDefinition, "environments">): ToldEnvironment[] {
  return Object.entries(environments).flatMap(([name, { delivery: mode, namespace, waves }]) => {
    if (mode.mode !== "flux" || !isToldByAgents(mode)) return [];
    return [{ name, mode, namespace, clusters: waves.flatMap(({ clusters }) => clusters) }];
  });
}

/** What the stack `agents` has to change for an environment. */
export interface ToldChange {
  readonly environment: string;
  /** Kinds that its account is to be able to change from now on, as `apps/v1 Deployment`. */
  readonly added: readonly string[];
  /** Kinds that it is not to be able to change any more. */
  readonly removed: readonly string[];
  /** Names of what else is another one, as `clusters` or `webhook`. */
  readonly settings: readonly string[];
}

/** What differs in what agents are told. An environment that only one of the two has differs in all of it. */
export function toldChanges(
  before: readonly ToldEnvironment[],
  after: readonly ToldEnvironment[],
): ToldChange[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  const of = (list: readonly ToldEnvironment[], name: string): ToldEnvironment | undefined =>
    list.find((environment) => environment.name === name);
  return names.flatMap((name) => {
    const change = { environment: name, ...changeOf(of(before, name), of(after, name)) };
    const isNone = [change.added, change.removed, change.settings].every((list) => list.length === 0);
    return isNone ? [] : [change];
  });
}

function changeOf(
  before: ToldEnvironment | undefined,
  after: ToldEnvironment | undefined,
): Omit<ToldChange, "environment"> {
  const [had, has] = [kindsOf(before), kindsOf(after)];
  const [old, now] = [settingsOf(before), settingsOf(after)];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return {
    added: has.filter((kind) => !had.includes(kind)),
    removed: had.filter((kind) => !has.includes(kind)),
    settings: fields.filter((field) => old[field] !== now[field]).sort(),
  };
}

function kindsOf(environment: ToldEnvironment | undefined): string[] {
  const text = ({ apiVersion, kind }: Kind): string => `${apiVersion} ${kind}`;
  return environment === undefined ? [] : [...new Set(grantedKinds(environment.mode).map(text))].sort();
}

/** What is only the environment's own stack's to know: how long it waits, and what it does when it is destroyed. */
const OWN: readonly string[] = ["mode", "kinds", "teardown", "secrets"];

/** The other fields, as texts to compare. */
function settingsOf(environment: ToldEnvironment | undefined): Readonly<Record<string, string>> {
  if (environment === undefined) return {};
  const { mode, namespace, clusters } = environment;
  const fields = Object.entries({ ...mode, namespace, clusters });
  const told = fields.filter(([field, value]) => !OWN.includes(field) && value !== undefined);
  return Object.fromEntries(told.map(([field, value]) => [field, canonicalJson(value)]));
}

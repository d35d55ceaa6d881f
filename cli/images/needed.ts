import { placesOf, readEnvironment } from "../../components/history";
import type { EnvironmentFacts } from "../../components/history";
import { verifiedReleases } from "../../components/pending/promotion";
import {
  recordedReleases,
  releaseIn,
  readStackConfig,
  stackHistory,
  STACK_KEYS,
} from "../../components/promotion";
import type { StackHistory } from "../../components/promotion";
import { digestOf } from "../../components/release";
import type { Release } from "../../components/release";
import { existsSync } from "node:fs";
import { BUILD_STACK } from "../../components/pipeline/args";
import type { Context, Project } from "../shell/contract";
import { problemsOf } from "../shell/trouble";
import { askStack } from "../shell/state";
import type { StackUpdates } from "../shell/state";
import { readBuildState } from "./build-state";
import type { BuildState } from "./build-state";

/** What must stay, and why it may not be known. */
export interface Needed {
  /** Digests, each with what needs it. */
  readonly digests: ReadonlyMap<string, string>;
  /** Sentences; with any, nothing may be removed. */
  readonly problems: readonly string[];
}

const UNTOLD: StackHistory = { deployments: [], releases: [] };

/** A release that is needed. */
interface Need {
  readonly id: string;
  readonly by: string;
}

/**
 * Everything that clusters run, files and holds name, ways back lead to, and a build has made. Ask for it when it is known
 * which images there are: what is pushed later is not among them.
 */
export async function neededImages(project: Project, keep: number, context: Context): Promise<Needed> {
  const known = new Map<string, Release[]>();
  const take = (releases: readonly Release[]): void => {
    for (const release of releases) known.set(release.id, [...(known.get(release.id) ?? []), release]);
  };
  const problems: string[] = [];
  const missed = (what: string) => (error: unknown) => {
    problems.push(`${what} is not known: ${problemsOf(error).join("; ")}`);
    return undefined;
  };
  const notes = { project, context, take, missed };
  const needs = await environmentNeeds(notes, keep);
  const built = await builtRelease(project, context).catch(missed("what was built last"));
  if (built !== undefined) take([built]);
  if (built !== undefined) needs.push({ id: built.id, by: "the last build" });
  const state = await readBuildState(project, context).catch(missed(`the state of ${BUILD_STACK}`));
  const lost = needs.filter(({ id }) => !known.has(id));
  return {
    digests: new Map([...stateDigests(state), ...digestsOf(needs, known)]),
    problems: [
      ...problems,
      ...(state?.problems ?? []),
      ...lost.map(({ id, by }) => `the images of ${id} (${by}) are not known`),
    ],
  };
}

/** Where what is found is noted. */
interface Notes {
  readonly project: Project;
  readonly context: Context;
  readonly take: (releases: readonly Release[]) => void;
  readonly missed: (what: string) => (error: unknown) => undefined;
}

async function environmentNeeds({ project, context, take, missed }: Notes, keep: number): Promise<Need[]> {
  const { pipeline, stackFile } = project;
  const needs: Need[] = [];
  for (const place of placesOf(pipeline, stackFile)) {
    const facts = await readEnvironment(place, { environment: context.env });
    const told = historyOf(project, facts, context).catch(missed(`what has succeeded in ${place.name}`));
    const { deployments, releases } = (await told) ?? UNTOLD;
    take([...releases, ...(existsSync(place.file) ? await recordedReleases(pipeline.app, place.file) : [])]);
    take(pinned(pipeline.app, place.file));
    needs.push(...needsOf(pipeline.app, { ...facts, deployments }, keep));
    if (facts.problem !== undefined) missed(`what ${place.name} runs`)(new Error(facts.problem));
  }
  return needs;
}

/** What a build has pushed and no release names yet. */
const stateDigests = (state: BuildState | undefined): (readonly [string, string])[] =>
  (state?.digests ?? []).map((digest) => [digest, `the state of ${BUILD_STACK} has it`] as const);

function needsOf(app: string, facts: EnvironmentFacts, keep: number): Need[] {
  const { name, running, file } = facts;
  const held = file.hold?.reason.match(new RegExp(`\\b${app}-[0-9a-f]{12}\\b`, "g")) ?? [];
  return [
    ...[...running].map(([cluster, { release }]) => ({ id: release, by: `${cluster} of ${name} runs it` })),
    ...(file.release === undefined ? [] : [{ id: file.release.id, by: `the file of ${name} names it` }]),
    ...Object.entries(file.pins).map(([cluster, id]) => ({
      id,
      by: `${cluster} of ${name} is pinned to it`,
    })),
    ...held.map((id) => ({ id, by: `the hold of ${name} names it` })),
    ...verifiedReleases(facts)
      .slice(0, keep)
      .map(({ id }) => ({ id, by: `a way back of ${name}` })),
  ];
}

function digestsOf(
  needs: readonly Need[],
  known: ReadonlyMap<string, readonly Release[]>,
): ReadonlyMap<string, string> {
  const pairs = needs.flatMap(({ id, by }) => {
    const refs = (known.get(id) ?? []).flatMap(({ images }) => Object.values(images));
    return refs.map((ref) => [digestOf(ref), by] as const);
  });
  // The first reason is the one that is told.
  return new Map(pairs.toReversed());
}

function pinned(app: string, file: string): Release[] {
  if (!existsSync(file)) return [];
  const pins = Object.values((readStackConfig(file)[STACK_KEYS.pins] ?? {}) as Record<string, unknown>);
  return pins.flatMap((pin) => releaseIn(app, { [STACK_KEYS.release]: pin }) ?? []);
}

/** Where there is no ledger, the engine tells. */
async function historyOf(project: Project, facts: EnvironmentFacts, context: Context): Promise<StackHistory> {
  if (facts.source === "ledger") return { deployments: facts.deployments, releases: [] };
  const updates = await askStack<StackUpdates>(project, "history", facts.name, context);
  return stackHistory(project.pipeline.app, updates ?? []);
}

/** The stack that builds need not exist here. */
async function builtRelease(project: Project, context: Context): Promise<Release | undefined> {
  const outputs = await askStack<Record<string, unknown>>(project, "output", BUILD_STACK, context);
  return releaseIn(project.pipeline.app, { [STACK_KEYS.release]: outputs?.["release"] });
}

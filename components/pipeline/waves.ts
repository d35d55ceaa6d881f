import { checkSelector, selectClusters } from "../clusters";
import { shown } from "../manifests";
import { DEFAULT_WAVE } from "../push/defaults";
import { resolveRules } from "../push/wave";
import type { ClusterChoice, EnvironmentArgs, PipelineArgs, WaveArgs, WavePlan } from "./args";

type Clusters = PipelineArgs["clusters"];

/** The waves of an environment with the names of their clusters; those of no wave are one of their own. */
export function wavesOf(environment: EnvironmentArgs, clusters: Clusters): WavePlan[] {
  return wavesAsked(environment).map(({ name, checks, clusters: named, select, ...rules }) => {
    const members = namesOf({ clusters: named, select } as ClusterChoice, clusters);
    return {
      name,
      clusters: members,
      ...(checks === undefined ? {} : { checks }),
      ...resolveRules(rules),
    };
  });
}

function wavesAsked({ waves, clusters, select }: EnvironmentArgs): readonly WaveArgs[] {
  return waves ?? [{ name: DEFAULT_WAVE, clusters, select } as WaveArgs];
}

function namesOf({ clusters, select }: ClusterChoice, known: Clusters): readonly string[] {
  if (typeof select !== "object" || select === null) return clusters ?? [];
  return selectClusters(labelled(known), select).map(({ name }) => name);
}

function labelled(clusters: Clusters): { readonly name: string; readonly labels?: Record<string, string> }[] {
  return Object.entries(clusters).map(([name, { labels }]) => ({
    name,
    ...(labels === undefined ? {} : { labels }),
  }));
}

/** Problems of how an environment and its waves say which clusters they have. */
export function checkChoices(at: string, environment: EnvironmentArgs, clusters: Clusters): string[] {
  const { waves, clusters: named, select } = environment;
  const given = [waves, named, select].filter((choice) => choice !== undefined);
  if (given.length !== 1) {
    return [`${at} has to have one of "clusters", "select" and "waves"; it has ${given.length}`];
  }
  if (waves === undefined) return checkChoice(at, `${at}.select`, environment as ClusterChoice, clusters);
  return waves.flatMap((wave) => {
    const title = `${at}: wave ${shown(wave.name)}`;
    return checkChoice(title, `${title}: select`, wave, clusters);
  });
}

function checkChoice(
  title: string,
  field: string,
  { clusters: named, select }: ClusterChoice,
  clusters: Clusters,
): string[] {
  if ((named === undefined) === (select === undefined)) {
    return [`${title} has to have either "clusters" or "select"; give one of them`];
  }
  if (select === undefined) return [];
  return checkSelector(field, select, labelled(clusters));
}

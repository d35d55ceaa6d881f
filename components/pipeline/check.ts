import { checkChecks } from "../checks";
import { checkClusterLabels } from "../clusters";
import { checkDnsLabel, checkNamespace, isDnsLabel, shown } from "../manifests";
import { checkForce } from "../push/force";
import { NO_REVIEW } from "../push/ledger";
import { checkOnUnreachable } from "../push/unreachable";
import { checkWaveRules } from "../push/wave";
import { checkSchema } from "../release";
import { AGENTS_STACK, BUILD_STACK } from "./args";
import { checkGuards } from "./check-guards";
import type { EnvironmentArgs, PipelineArgs, WavePlan } from "./args";
import { checkFlux } from "./flux";
import { checkImages } from "./images";
import { checkPullSecretSpecs } from "./pull-secrets";
import { checkRegistry } from "./registry";
import { checkChoices, wavesOf } from "./waves";

/** Every problem of a pipeline, each naming the field, its value and what to do. */
export function checkPipeline(args: PipelineArgs): string[] {
  const { app, namespace = app, source, clusters, environments, schema } = args;
  return [
    ...checkDnsLabel("app", app),
    ...(namespace === app && !isDnsLabel(app) ? [] : checkNamespace("namespace", namespace)),
    ...(source.paths.length > 0 ? [] : ["source.paths is empty; name the application's own sources"]),
    ...(source.pipeline?.length === 0 ? ["source.pipeline is empty; name what renders the manifests"] : []),
    ...(schema === undefined ? [] : checkSchema("schema", schema)),
    ...checkImages(args.images),
    ...checkClusters(clusters),
    ...(Object.keys(environments).length > 0 ? [] : ["environments is empty; name at least one"]),
    ...Object.entries(environments).flatMap(([name, environment]) =>
      checkEnvironment(name, environment, args),
    ),
    ...checkShared(args),
    ...checkPullSecretSpecs(args.pullSecrets ?? []),
  ];
}

function checkClusters(clusters: PipelineArgs["clusters"]): string[] {
  const owners = new Map<string, string>();
  return Object.entries(clusters).flatMap(([name, { context, labels }]) => {
    const problems = [
      ...checkDnsLabel("clusters: a name", name),
      ...checkClusterLabels(`clusters.${name}`, labels),
    ];
    if (typeof context !== "string" || context === "") {
      return [...problems, `clusters.${name}.context is ${shown(context)}; name a context of the kubeconfig`];
    }
    const owner = owners.get(context);
    owners.set(context, owner ?? name);
    if (owner === undefined) return problems;
    const both = `clusters ${owner} and ${name} both have the context ${shown(context)}`;
    return [...problems, `${both}, so they are one cluster; keep one`];
  });
}

/** Stacks that are no environments, and what they do. */
const RESERVED: Readonly<Record<string, string | undefined>> = {
  [BUILD_STACK]: "builds",
  [AGENTS_STACK]: "installs agents",
};

function checkEnvironment(name: string, environment: EnvironmentArgs, args: PipelineArgs): string[] {
  const at = `environments.${name}`;
  const purpose = RESERVED[name];
  const { namespace } = environment;
  return [
    ...(purpose === undefined
      ? []
      : [`${at}: ${shown(name)} is the stack that ${purpose}; choose another name`]),
    ...checkDnsLabel(`${at}: its name`, name),
    ...(namespace === undefined ? [] : checkNamespace(`${at}.namespace`, namespace)),
    ...checkFrom(name, args.environments),
    ...checkRegistry(`${at}.registry`, environment.registry),
    ...checkWaves(at, environment, args.clusters),
    ...checkUnreachable(at, environment, args.ledger !== undefined),
    ...checkGuards(at, environment, args.ledger),
    ...checkDelivery(at, environment, args),
  ];
}

function checkUnreachable(at: string, { onUnreachable }: EnvironmentArgs, hasLedger: boolean): string[] {
  return onUnreachable === undefined
    ? []
    : checkOnUnreachable(`${at}.onUnreachable`, onUnreachable, hasLedger);
}

function checkDelivery(at: string, { delivery }: EnvironmentArgs, args: PipelineArgs): string[] {
  switch (delivery?.mode) {
    case "push":
      return [...checkForce(delivery.force ?? []), ...checkReview(args)].map(
        (problem) => `${at}.delivery: ${problem}`,
      );
    case "flux":
      return checkFlux(`${at}.delivery`, delivery, args.ledger?.repository);
    default:
      return [`${at}.delivery is missing; give push() or flux()`];
  }
}

/** Pull requests are for the environments of agents; without one there is nothing that they could be of. */
function checkReview({ ledger, environments }: PipelineArgs): string[] {
  const isPulled = Object.values(environments).some(({ delivery }) => delivery?.mode === "flux");
  return ledger?.pullRequest === undefined || isPulled
    ? []
    : [`the ledger has a pullRequest, and ${NO_REVIEW}`];
}

function checkFrom(name: string, environments: PipelineArgs["environments"]): string[] {
  const at = `environments.${name}.from`;
  const path = [name];
  for (let from = environments[name]?.from; from !== BUILD_STACK; from = environments[from]?.from) {
    if (from === undefined || !Object.hasOwn(environments, from)) {
      const known = [BUILD_STACK, ...Object.keys(environments)].map(shown).join(", ");
      return path.length === 1 ? [`${at} is ${shown(from)}; name one of ${known}`] : [];
    }
    path.push(from);
    if (path.indexOf(from) < path.length - 1) return checkCircle(at, path);
  }
  return [];
}

/** A circle is said once, by the first of its environments in the order of the alphabet. */
function checkCircle(at: string, path: readonly string[]): string[] {
  const saidHere = path[0] === path.at(-1) && path.toSorted()[0] === path[0];
  return saidHere ? [`${at} goes in a circle: ${path.join(" ← ")}; one must be from "build"`] : [];
}

function checkWaves(at: string, environment: EnvironmentArgs, clusters: PipelineArgs["clusters"]): string[] {
  const choices = checkChoices(at, environment, clusters);
  if (choices.length > 0) return choices;
  const waves = wavesOf(environment, clusters);
  const known = Object.keys(clusters);
  const named = waves.flatMap(({ clusters }) => clusters);
  const waveNames = waves.map(({ name }) => name);
  return [
    ...waves.flatMap((wave) => checkWave(wave).map((problem) => `${at}: ${problem}`)),
    ...repeated(waveNames).map((name) => `${at}: two waves are named ${shown(name)}; give one another name`),
    ...repeated(named).map((name) => `${at}: cluster ${shown(name)} is named twice; it belongs to one wave`),
    ...named.filter((name) => !known.includes(name)).map((name) => unknownCluster(at, name, known)),
    ...(waves.length === 0 ? [`${at}.waves is empty; name at least one`] : []),
  ];
}

/** Checks that are made for each cluster are known, and checked, when they are delivered. */
function checkWave(wave: WavePlan): string[] {
  const { name, checks } = wave;
  const known = typeof checks === "function" ? undefined : checks;
  const isUnchecked = known !== undefined && known.length === 0;
  return [
    ...checkWaveRules({ ...wave, isUnchecked }),
    ...checkChecks(known ?? [], `wave ${shown(name)}: checks`),
  ];
}

function unknownCluster(at: string, name: string, known: readonly string[]): string {
  return `${at}: cluster ${shown(name)} is not among "clusters", which has ${known.map(shown).join(", ") || "none"}; correct the name or add the cluster`;
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Two environments in one namespace of one cluster would overwrite each other. */
function checkShared({ app, namespace = app, environments, clusters: known }: PipelineArgs): string[] {
  const owners = new Map<string, string>();
  return Object.entries(environments).flatMap(([name, environment]) => {
    const place = environment.namespace ?? namespace;
    const clusters = new Set(wavesOf(environment, known).flatMap((wave) => wave.clusters));
    return [...clusters].flatMap((cluster) => {
      const owner = owners.get(`${cluster}/${place}`);
      owners.set(`${cluster}/${place}`, owner ?? name);
      if (owner === undefined) return [];
      return [
        `environments ${owner} and ${name} share namespace ${shown(place)} of cluster ${shown(cluster)}; give one another namespace`,
      ];
    });
  });
}

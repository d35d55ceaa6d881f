import type * as pulumi from "@pulumi/pulumi";
import { systemEnvironment } from "../environment";
import type { Environment } from "../environment";
import { checkDnsLabel } from "../manifests";
import { isLate } from "../manifests/late";
import { readKubeconfigs } from "./files";
import { checkClusterLabels } from "./select";
import type { ClusterLabels } from "./select";
import { checkKubeconfig } from "./kubeconfig";
import type { KubeconfigRules } from "./kubeconfig";

/** What is said of a cluster however it is reached. */
interface ClusterBase {
  /** A DNS-1123 label; names the cluster in the plan, in the record and in errors. It is not sent to the cluster. */
  readonly name: string;
  /** What `selectClusters()` chooses it by. @default none */
  readonly labels?: ClusterLabels;
  /**
   * Names that it had in this delivery before, the oldest first: its objects are the same ones then. They stay here as
   * long as the cluster does.
   * @default none
   */
  readonly formerly?: readonly string[];
  /**
   * Whether a kubeconfig with `insecure-skip-tls-verify` is taken: whoever is on the way to the cluster can then read and
   * change what is sent, credentials included.
   * @default false
   */
  readonly allowInsecureTls?: boolean;
}

/** A cluster by the text of its kubeconfig, which is kept as a secret. `clusterFromFile()` makes one of a file. */
export interface ClusterByKubeconfig extends ClusterBase {
  /** The kubeconfig itself, not its path. */
  readonly kubeconfig: pulumi.Input<string>;
  /** @default the kubeconfig's current context */
  readonly context?: string;
  /**
   * Names of the programs that the kubeconfig may have run for its credentials, as those of the big clouds do: whoever
   * writes the kubeconfig then runs them where Pulumi runs.
   * @default none
   * @example ["gke-gcloud-auth-plugin"]
   */
  readonly allowExec?: readonly string[];
}

/** A cluster by the name of a context. Credentials stay in the kubeconfig: only the name goes into the state. */
export interface ClusterByContext extends ClusterBase {
  /** A context of the files that `KUBECONFIG` names, else of `~/.kube/config`. */
  readonly context: string;
  readonly kubeconfig?: never;
}

/** Where to deliver to. */
export type ClusterTarget = ClusterByKubeconfig | ClusterByContext;

/** What is said of the way to a cluster beside its kubeconfig; what is not said is left out. */
export function accessRules(target: ClusterTarget): {
  readonly context?: string;
  readonly allowExec?: readonly string[];
  readonly allowInsecureTls?: boolean;
} {
  const { context, allowInsecureTls } = target;
  const allowExec = target.kubeconfig === undefined ? undefined : target.allowExec;
  return {
    ...(context === undefined ? {} : { context }),
    ...(allowExec === undefined ? {} : { allowExec }),
    ...(allowInsecureTls === undefined ? {} : { allowInsecureTls }),
  };
}

/** How an error names a kubeconfig that was given as text. */
export const KUBECONFIG_ORIGIN = "its kubeconfig";

/** Problems of a target, found without a request to any cluster. */
export function checkClusterTarget(
  target: ClusterTarget,
  environment: Environment = systemEnvironment(),
): string[] {
  return [
    ...checkDnsLabel("a cluster's name", target.name),
    ...checkClusterLabels(`cluster ${JSON.stringify(target.name)}`, target.labels),
    ...checkAccess(target, environment),
  ];
}

function checkAccess(target: ClusterTarget, environment: Environment): string[] {
  const problems =
    target.kubeconfig === undefined ? checkByContext(target, environment) : checkByInput(target);
  return problems.map((problem) => `cluster ${JSON.stringify(target.name)}: ${problem}`);
}

function checkByContext(
  { context, allowInsecureTls = false }: ClusterByContext,
  environment: Environment,
): readonly string[] {
  if (typeof context !== "string" || context === "") {
    return ['neither "context" nor "kubeconfig" is given; name a context, or give the text of a kubeconfig'];
  }
  const { texts, origin, problems } = readKubeconfigs(environment);
  return problems.length > 0 ? problems : checkKubeconfig(texts, origin, context, { allowInsecureTls });
}

/** A text that is known only later is checked by {@link createClusterProvider}. */
function checkByInput(target: ClusterByKubeconfig): string[] {
  return isLate(target.kubeconfig) ? [] : checkText(target.kubeconfig as string, target);
}

/** Problems of the text of a target's kubeconfig, once it is known. */
export function checkText(
  text: string,
  { context, allowExec = [], allowInsecureTls = false }: Omit<ClusterByKubeconfig, "name" | "kubeconfig">,
): string[] {
  const rules: KubeconfigRules = { inline: { allowExec }, allowInsecureTls };
  return checkKubeconfig([text], KUBECONFIG_ORIGIN, context, rules);
}

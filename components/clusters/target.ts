import type * as pulumi from "@pulumi/pulumi";
import { systemEnvironment } from "../environment";
import type { Environment } from "../environment";
import { checkDnsLabel } from "../manifests";
import { isLate } from "../manifests/late";
import { readKubeconfigs } from "./files";
import { checkClusterLabels } from "./select";
import type { ClusterLabels } from "./select";
import { checkKubeconfig } from "./kubeconfig";

/** A cluster by the text of its kubeconfig, which is kept as a secret. */
export interface ClusterByKubeconfig {
  /** A DNS-1123 label; names the cluster in the plan, in the record and in errors. It is not sent to the cluster. */
  readonly name: string;
  /** The kubeconfig itself, not its path. */
  readonly kubeconfig: pulumi.Input<string>;
  /** @default the kubeconfig's current context */
  readonly context?: string;
  /**
   * Whether the kubeconfig may name a program that is run for its credentials, as those of the big clouds do:
   * whoever writes the kubeconfig then runs programs where Pulumi runs.
   * @default false
   */
  readonly allowExec?: boolean;
  /** What `selectClusters()` chooses it by. @default none */
  readonly labels?: ClusterLabels;
  /** See {@link ClusterByContext.formerly}. @default none */
  readonly formerly?: readonly string[];
}

/** A cluster by the name of a context. Credentials stay in the kubeconfig: only the name goes into the state. */
export interface ClusterByContext {
  /** A DNS-1123 label; names the cluster in the plan, in the record and in errors. It is not sent to the cluster. */
  readonly name: string;
  /** A context of the files that `KUBECONFIG` names, else of `~/.kube/config`. */
  readonly context: string;
  readonly kubeconfig?: never;
  /** What `selectClusters()` chooses it by. @default none */
  readonly labels?: ClusterLabels;
  /**
   * Names that it had in this delivery before, the oldest first: its objects are the same ones then. They stay here as
   * long as the cluster does.
   * @default none
   */
  readonly formerly?: readonly string[];
}

/** Where to deliver to. */
export type ClusterTarget = ClusterByKubeconfig | ClusterByContext;

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

function checkByContext({ context }: ClusterByContext, environment: Environment): readonly string[] {
  if (typeof context !== "string" || context === "") {
    return ['neither "context" nor "kubeconfig" is given; name a context, or give the text of a kubeconfig'];
  }
  const { texts, origin, problems } = readKubeconfigs(environment);
  return problems.length > 0 ? problems : checkKubeconfig(texts, origin, context);
}

/** A text that is known only later is checked by {@link createClusterProvider}. */
function checkByInput(target: ClusterByKubeconfig): string[] {
  return isLate(target.kubeconfig) ? [] : checkText(target.kubeconfig as string, target);
}

/** Problems of the text of a target's kubeconfig, once it is known. */
export function checkText(
  text: string,
  { context, allowExec = false }: Pick<ClusterByKubeconfig, "context" | "allowExec">,
): string[] {
  return checkKubeconfig([text], KUBECONFIG_ORIGIN, context, { allowExec });
}

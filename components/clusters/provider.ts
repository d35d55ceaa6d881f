import * as pulumi from "@pulumi/pulumi";
import { throwIfAny } from "../mistake";
import { clusterIdentity } from "./former";
import { checkText } from "./target";
import type { ClusterTarget } from "./target";

/** How long one request to a cluster may take, in seconds. */
export const CLIENT_TIMEOUT_SECONDS = 30;
/**
 * Requests a second to one cluster, and how many may come at once. The plugin's own 50 and 120 slow big pushes down; what
 * was measured is in docs/decisions/0080, and bench row B10 measures it.
 */
export const CLIENT_RATE = { qps: 500, burst: 1000 } as const;

/** The version of the Kubernetes plugin that belongs to the installed `@pulumi/kubernetes`. */
export function kubernetesVersion(): string {
  const { version } = require("@pulumi/kubernetes/package.json") as { version: string };
  return version;
}

/** The first version that fails to create what exists unless it is told otherwise. */
const UPSERT_SINCE = [4, 29] as const;

/** Settings that only some versions of the plugin know. Whose an object is was looked at before; see `foreignObjects`. */
export function settingsOfVersion(version: string): pulumi.Inputs {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [since, from] = UPSERT_SINCE;
  return major > since || (major === since && minor >= from) ? { upsertExistingObjects: "true" } : {};
}

/**
 * A Kubernetes provider of our own making. The SDK's class would put the paths of `KUBECONFIG` into the state,
 * and importing it loads every Kubernetes type.
 */
class ClusterProvider extends pulumi.ProviderResource {
  constructor(name: string, props: pulumi.Inputs, opts: pulumi.ResourceOptions) {
    super("kubernetes", name, props, { ...opts, version: kubernetesVersion() });
  }
}

/**
 * The one provider of a cluster; every object of the cluster inherits it from its parent.
 *
 * `clusterIdentifier` keeps a changed kubeconfig from replacing all objects. Mutable ConfigMaps and Secrets are
 * updated in place, as an agent does: the plugin would delete and recreate them.
 *
 * @param timeoutSeconds how long one request may take.
 */
export function createClusterProvider(
  name: string,
  target: ClusterTarget,
  opts: pulumi.ResourceOptions,
  timeoutSeconds = CLIENT_TIMEOUT_SECONDS,
): pulumi.ProviderResource {
  const props = {
    ...access(target),
    clusterIdentifier: clusterIdentity(target),
    enableServerSideApply: "true",
    enableConfigMapMutable: "true",
    enableSecretMutable: "true",
    ...settingsOfVersion(kubernetesVersion()),
    kubeClientSettings: JSON.stringify({ ...CLIENT_RATE, timeout: timeoutSeconds }),
  };
  return new ClusterProvider(name, props, opts);
}

function access(target: ClusterTarget): pulumi.Inputs {
  if (target.kubeconfig === undefined) return { context: target.context };
  const { context, kubeconfig } = target;
  const checked = pulumi.output(kubeconfig).apply((text) => {
    throwIfAny(`Cluster ${JSON.stringify(target.name)}`, checkText(text, target));
    return text;
  });
  return { kubeconfig: pulumi.secret(checked), ...(context === undefined ? {} : { context }) };
}

import * as pulumi from "@pulumi/pulumi";
import type { ClusterTarget } from "../clusters";
import type { ClusterAccess } from "../clusters/api";

/** How a cluster is asked at run time; the text of a kubeconfig is a secret. */
export function accessOf(target: ClusterTarget): pulumi.Input<ClusterAccess> {
  if (target.kubeconfig === undefined) return { context: target.context };
  const { kubeconfig, context, allowExec } = target;
  return pulumi.secret({
    kubeconfig,
    ...(context === undefined ? {} : { context }),
    ...(allowExec === undefined ? {} : { allowExec }),
  }) as pulumi.Output<ClusterAccess>;
}

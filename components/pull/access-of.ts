import * as pulumi from "@pulumi/pulumi";
import { accessRules } from "../clusters";
import type { ClusterTarget } from "../clusters";
import type { ClusterAccess } from "../clusters/api";

/** How a cluster is asked at run time; the text of a kubeconfig is a secret. */
export function accessOf(target: ClusterTarget): pulumi.Input<ClusterAccess> {
  const rules = accessRules(target);
  if (target.kubeconfig === undefined) return { ...rules, context: target.context };
  return pulumi.secret({ ...rules, kubeconfig: target.kubeconfig }) as pulumi.Output<ClusterAccess>;
}

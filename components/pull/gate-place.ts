import { formerNames } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { clusterFolder } from "../ledger";
import { branchOf } from "../push/ledger";
import { accessOf } from "./access-of";
import type { PullDeliveryPlan } from "./args";
import type { SyncGateArgs } from "./sync/gate";

type GatePlace = Pick<
  SyncGateArgs,
  | "agent"
  | "cluster"
  | "formerly"
  | "access"
  | "namespace"
  | "name"
  | "repository"
  | "branch"
  | "gitAccess"
  | "folder"
>;

/** Which stack in which cluster a gate is about, and which folder of the ledger tells it what to run. */
export function gatePlace({ content, name }: PullDeliveryPlan, target: ClusterTarget): GatePlace {
  const { repository, access } = content.ledger;
  return {
    ...{ agent: "flux", cluster: target.name, ...formerNames(target), access: accessOf(target) },
    ...{ namespace: content.namespace, name },
    ...{ repository, branch: branchOf(content), folder: clusterFolder(target.name) },
    ...(access === undefined ? {} : { gitAccess: access }),
  };
}

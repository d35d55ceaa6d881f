import type * as pulumi from "@pulumi/pulumi";
import { checkDnsLabel, shown } from "../manifests";
import type { ClusterTarget } from "./target";

type Named = Pick<ClusterTarget, "name" | "formerly">;

/** Aliases of a resource that is named after a cluster, for the names that the cluster had before. */
export function formerAliases(name: string, { name: cluster, formerly = [] }: Named): pulumi.Alias[] {
  const owner = name.slice(0, name.length - cluster.length);
  return formerly.map((former) => ({ name: `${owner}${former}` }));
}

/** Its former names for the inputs of a resource, which have no such field when there are none. */
export function formerNames({ formerly = [] }: Named): Pick<Named, "formerly"> {
  return formerly.length === 0 ? {} : { formerly };
}

/**
 * What tells the Kubernetes plugin that it is the same cluster: the first name that it had, since with another one the
 * plugin would replace every object.
 */
export function clusterIdentity({ name, formerly = [] }: Named): string {
  return formerly[0] ?? name;
}

/** Problems of the former names of all clusters of a delivery. */
export function checkFormerNames(targets: readonly Named[]): string[] {
  const names = targets.map(({ name }) => name);
  const all = [...names, ...targets.flatMap(({ formerly }) => formerly ?? [])];
  return targets.flatMap(({ name, formerly }) =>
    (formerly ?? []).flatMap((former) => {
      const title = `cluster ${shown(name)}: formerly`;
      if (all.filter((other) => other === former).length === 1)
        return checkDnsLabel(`${title}: a name`, former);
      return [`${title} has ${shown(former)}, which names another cluster or is there twice; remove it`];
    }),
  );
}

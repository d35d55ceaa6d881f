import type * as DeliveryModule from "pulumi-delivery";
import { KUBECONFIG } from "../kubeconfig.ts";
import { servicesOf } from "../render/services.ts";
import type { EnvironmentName } from "../render/services.ts";
import { load } from "./engine.ts";

export const delivery = load("pulumi-delivery") as typeof DeliveryModule;

export const clustersOf = (
  names: readonly string[],
): { readonly name: string; readonly kubeconfig: string }[] =>
  names.map((name) => ({ name, kubeconfig: KUBECONFIG }));

/** The services of an environment as a user of the library has them. */
export function manifestsOf(services: number, environment: EnvironmentName): DeliveryModule.Manifest[] {
  return servicesOf(services, environment).flatMap((service) => {
    const { name, repository, digest, port, replicas, config } = service;
    const image = `${repository}@${digest}`;
    return delivery.app({ name, image, port, replicas, config, disruption: { maxUnavailable: 1 } });
  });
}

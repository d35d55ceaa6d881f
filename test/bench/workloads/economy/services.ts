import type * as DeliveryModule from "pulumi-delivery";
import { servicesOf } from "../render/services.ts";
import type { EnvironmentName } from "../render/services.ts";
import { load } from "./engine.ts";

export const delivery = load("pulumi-delivery") as typeof DeliveryModule;

const KUBECONFIG = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "c",
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": "eA==" } }],
  users: [{ name: "u", user: { token: "t" } }],
  contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
});

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

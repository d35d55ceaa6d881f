import type * as KubernetesModule from "@pulumi/kubernetes";
import { plainObjects } from "../plain-objects.ts";
import { ENVIRONMENTS, servicesOf } from "../render/services.ts";
import type { EnvironmentName } from "../render/services.ts";
import { settings } from "../report.ts";
import { load, measureProgram } from "./engine.ts";
import type { EconomySettings } from "./engine.ts";

const { services, clusters, dump } = settings<EconomySettings>();
const { apps, core, policy, Provider } = load("@pulumi/kubernetes") as typeof KubernetesModule;
/** Loaded before the time begins: the SDK loads each type when it is first asked for. */
const KINDS = {
  ServiceAccount: core.v1.ServiceAccount,
  ConfigMap: core.v1.ConfigMap,
  Service: core.v1.Service,
  Deployment: apps.v1.Deployment,
  PodDisruptionBudget: policy.v1.PodDisruptionBudget,
} as const;
const { Namespace } = core.v1;

await measureProgram(() => {
  for (const environment of ENVIRONMENTS) {
    for (const cluster of clusters) deliver(environment, cluster);
  }
}, dump);

function deliver(environment: EnvironmentName, cluster: string): void {
  const scope = `${environment}/${cluster}`;
  const provider = new Provider(scope, { kubeconfig: "{}", enableServerSideApply: true });
  const namespace = new Namespace(`${scope}/shop`, { metadata: { name: "shop" } }, { provider });
  for (const service of servicesOf(services, environment)) {
    for (const [kind, object] of Object.entries(plainObjects(service))) {
      const Kind = KINDS[kind as keyof typeof KINDS];
      new Kind(`${scope}/${service.name}/${kind}`, object, { provider, dependsOn: namespace });
    }
  }
}

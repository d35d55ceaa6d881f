import type * as DeliveryModule from "pulumi-delivery";
import { ENVIRONMENTS, servicesOf } from "../render/services.ts";
import { settings } from "../report.ts";
import { load, measureProgram } from "./engine.ts";
import type { EconomySettings } from "./engine.ts";

const { services, clusters, dump } = settings<EconomySettings>();
const { app, PushDelivery } = load("pulumi-delivery") as typeof DeliveryModule;
const kubeconfig = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "c",
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": "eA==" } }],
  users: [{ name: "u", user: { token: "t" } }],
  contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
});

await measureProgram(() => {
  for (const environment of ENVIRONMENTS) {
    new PushDelivery(environment, {
      app: "shop",
      clusters: clusters.map((name) => ({ name, kubeconfig })),
      manifests: servicesOf(services, environment).flatMap((service) => {
        const { name, repository, digest, port, replicas, config } = service;
        const image = `${repository}@${digest}`;
        return app({ name, image, port, replicas, config, disruption: { maxUnavailable: 1 } });
      }),
    });
  }
}, dump);

import { ENVIRONMENTS } from "../render/services.ts";
import { settings } from "../report.ts";
import { measureProgram } from "./engine.ts";
import type { EconomySettings } from "./engine.ts";
import { clustersOf, delivery, manifestsOf } from "./services.ts";

const { services, clusters, dump } = settings<EconomySettings>();

await measureProgram(() => {
  for (const environment of ENVIRONMENTS) {
    new delivery.PushDelivery(environment, {
      app: "shop",
      clusters: clustersOf(clusters),
      manifests: manifestsOf(services, environment),
    });
  }
}, dump);

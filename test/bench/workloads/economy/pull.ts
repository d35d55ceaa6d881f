import { ENVIRONMENTS } from "../render/services.ts";
import { settings } from "../report.ts";
import { measureProgram } from "./engine.ts";
import type { EconomySettings } from "./engine.ts";
import { clustersOf, delivery, manifestsOf } from "./services.ts";

const { services, clusters, dump } = settings<EconomySettings>();

/** The agents read a repository that needs no credentials: what they cost does not grow with what is delivered. */
await measureProgram(() => {
  for (const environment of ENVIRONMENTS) {
    new delivery.PullDelivery(environment, {
      app: "shop",
      clusters: clustersOf(clusters),
      ledger: { repository: "https://git.example.com/acme/deploy.git", branch: `deploy/shop/${environment}` },
      manifests: manifestsOf(services, environment),
    });
  }
}, dump);

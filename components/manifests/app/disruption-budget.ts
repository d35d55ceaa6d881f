import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels, selectorLabels } from "./labels";
import type { DisruptionArgs } from "./reach-args";

export function disruptionBudgetManifest(app: App, disruption: DisruptionArgs): Manifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: app.name, labels: objectLabels(app) },
    spec: { ...disruption, selector: { matchLabels: selectorLabels(app) } },
  };
}

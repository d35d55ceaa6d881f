import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels } from "./labels";
import { DEFAULT_SCALING_CPU } from "./reach-args";
import type { ScalingArgs } from "./reach-args";

export function autoscalerManifest(app: App, { min, max, cpu }: ScalingArgs): Manifest {
  const target = { type: "Utilization", averageUtilization: cpu ?? DEFAULT_SCALING_CPU };
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: app.name, labels: objectLabels(app) },
    spec: {
      scaleTargetRef: {
        apiVersion: "apps/v1",
        kind: app.stateful === undefined ? "Deployment" : "StatefulSet",
        name: app.name,
      },
      minReplicas: min,
      maxReplicas: max,
      metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
    },
  };
}

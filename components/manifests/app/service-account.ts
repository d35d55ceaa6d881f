import type { Manifest } from "../manifest";
import type { Pod } from "./pod-args";
import { objectLabels } from "./labels";

export function serviceAccountManifest(app: Pod): Manifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: app.name, labels: objectLabels(app) },
    automountServiceAccountToken: false,
  };
}

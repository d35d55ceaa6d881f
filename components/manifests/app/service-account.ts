import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels } from "./labels";

export function serviceAccountManifest(app: App): Manifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: app.name, labels: objectLabels(app) },
    automountServiceAccountToken: false,
  };
}

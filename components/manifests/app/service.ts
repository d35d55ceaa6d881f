import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels, selectorLabels } from "./labels";

/** The name of the service's one port, in the Service and in the container. */
export const PORT_NAME = "http";

export function serviceManifest(app: App): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: app.name, labels: objectLabels(app) },
    spec: {
      selector: selectorLabels(app),
      ports: [{ name: PORT_NAME, port: app.port, targetPort: PORT_NAME, protocol: "TCP" }],
    },
  };
}

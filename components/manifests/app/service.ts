import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels, selectorLabels } from "./labels";

/** The name of the service's main port, in the Service and in the container. */
export const PORT_NAME = "http";

export function serviceManifest(app: App): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: app.name, labels: objectLabels(app) },
    spec: { selector: selectorLabels(app), ports: servicePorts(app) },
  };
}

/** Name of the Service that gives each pod of a StatefulSet a name of its own. */
export function podServiceName({ name }: Pick<App, "name">): string {
  return `${name}-pods`;
}

/** Its addresses are those of the pods, also before they are ready: pods of a StatefulSet look for each other. */
export function podServiceManifest(app: App): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: podServiceName(app), labels: objectLabels(app) },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: selectorLabels(app),
      ports: servicePorts(app),
    },
  };
}

type Port = Record<string, unknown>;

function servicePorts(app: App): Port[] {
  const others = app.ports.map(({ name, port, protocol }) => ({
    name,
    port,
    targetPort: name,
    protocol: protocol ?? "TCP",
  }));
  return [{ name: PORT_NAME, port: app.port, targetPort: PORT_NAME, protocol: "TCP" }, ...others];
}

/** Ports and probes of the main container. */
export function mainContainer(app: App): Record<string, unknown> {
  const probe = (): Port => ({ httpGet: { path: app.healthPath, port: PORT_NAME } });
  return {
    ports: containerPorts(app),
    startupProbe: { ...probe(), periodSeconds: 1, failureThreshold: 30 },
    readinessProbe: { ...probe(), periodSeconds: 5 },
    livenessProbe: { ...probe(), periodSeconds: 10, failureThreshold: 3 },
  };
}

function containerPorts(app: App): Port[] {
  const others = app.ports.map(({ name, port, protocol }) => ({
    name,
    containerPort: port,
    protocol: protocol ?? "TCP",
  }));
  return [{ name: PORT_NAME, containerPort: app.port, protocol: "TCP" }, ...others];
}

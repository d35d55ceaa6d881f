import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels, selectorLabels } from "./labels";
import { DEFAULT_PROTOCOL } from "./reach-args";

/** The name of the service's main port, in the Service and in the container. */
export const PORT_NAME = "http";

/** How often a starting container is asked, in seconds: it is ready a second after it could be. */
export const STARTUP_PERIOD_SECONDS = 1;
/** How often it may fail to answer before it is started anew: it has half a minute to start. */
export const STARTUP_FAILURES = 30;
/** How often it is asked whether it takes requests, in seconds. */
export const READINESS_PERIOD_SECONDS = 5;
/** How often it is asked whether it is alive, in seconds. */
export const LIVENESS_PERIOD_SECONDS = 10;
/** How often in a row it may fail to be alive before it is started anew. */
export const LIVENESS_FAILURES = 3;

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
    protocol: protocol ?? DEFAULT_PROTOCOL,
  }));
  return [{ name: PORT_NAME, port: app.port, targetPort: PORT_NAME, protocol: DEFAULT_PROTOCOL }, ...others];
}

/** Ports and probes of the main container. */
export function mainContainer(app: App): Record<string, unknown> {
  const probe = (): Port => ({ httpGet: { path: app.healthPath, port: PORT_NAME } });
  return {
    ports: containerPorts(app),
    startupProbe: {
      ...probe(),
      periodSeconds: STARTUP_PERIOD_SECONDS,
      failureThreshold: STARTUP_FAILURES,
    },
    readinessProbe: { ...probe(), periodSeconds: READINESS_PERIOD_SECONDS },
    livenessProbe: {
      ...probe(),
      periodSeconds: LIVENESS_PERIOD_SECONDS,
      failureThreshold: LIVENESS_FAILURES,
    },
  };
}

function containerPorts(app: App): Port[] {
  const others = app.ports.map(({ name, port, protocol }) => ({
    name,
    containerPort: port,
    protocol: protocol ?? DEFAULT_PROTOCOL,
  }));
  return [{ name: PORT_NAME, containerPort: app.port, protocol: DEFAULT_PROTOCOL }, ...others];
}

import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels } from "./labels";
import { DEFAULT_ROUTE_PATH } from "./reach-args";
import type { HttpRouteArgs, IngressArgs } from "./reach-args";
import { PORT_NAME } from "./service";

export function ingressManifest(app: App, { host, path, ...args }: IngressArgs): Manifest {
  const service = { name: app.name, port: { name: PORT_NAME } };
  const rule = { path: path ?? DEFAULT_ROUTE_PATH, pathType: "Prefix", backend: { service } };
  const { className, tlsSecret, annotations } = args;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: app.name,
      labels: objectLabels(app),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      rules: [{ host, http: { paths: [rule] } }],
    },
  };
}

/** Source: Gateway API 1, "HTTPRoute". */
export function httpRouteManifest(app: App, { hostnames, gateway, path }: HttpRouteArgs): Manifest {
  const { name, namespace, section } = gateway;
  const parent = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(section === undefined ? {} : { sectionName: section }),
  };
  const match = { path: { type: "PathPrefix", value: path ?? DEFAULT_ROUTE_PATH } };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: app.name, labels: objectLabels(app) },
    spec: {
      parentRefs: [parent],
      ...(hostnames === undefined ? {} : { hostnames: [...hostnames] }),
      rules: [{ matches: [match], backendRefs: [{ name: app.name, port: app.port }] }],
    },
  };
}

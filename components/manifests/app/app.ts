import { throwIfAny } from "../../mistake";
import type { Manifest } from "../manifest";
import { withOrigin } from "../origin";
import { checkApp, resolveApp } from "./args";
import type { App, AppArgs } from "./args";
import { autoscalerManifest } from "./autoscaler";
import { configMapManifest, hasConfig } from "./config-map";
import { deploymentManifest } from "./deployment";
import { disruptionBudgetManifest } from "./disruption-budget";
import { httpRouteManifest, ingressManifest } from "./ingress";
import { networkPolicyManifest } from "./network-policy";
import { podServiceManifest, serviceManifest } from "./service";
import { serviceAccountManifest } from "./service-account";
import { statefulSetManifest } from "./stateful-set";
import { transformed } from "./transform";

/**
 * The objects of an HTTP service: ServiceAccount, ConfigMap (when there is `config`), Service and Deployment, or
 * StatefulSet, with restricted Pod Security, probes and resources; and what else is asked for: Ingress, HTTPRoute,
 * HorizontalPodAutoscaler, PodDisruptionBudget, NetworkPolicy.
 *
 * @throws Mistake with every problem of the arguments.
 * @example
 * app({ name: "web", image: "registry.example.com/acme/web@sha256:…", port: 8080, config: { GREETING: "hello" } })
 */
export function app(args: AppArgs): Manifest[] {
  const call = `app(${JSON.stringify(args.name)})`;
  throwIfAny(call, checkApp(args));
  const resolved = resolveApp(args);
  const manifests = [
    serviceAccountManifest(resolved),
    ...(hasConfig(resolved) ? [configMapManifest(resolved)] : []),
    serviceManifest(resolved),
    ...workload(resolved),
    ...reach(resolved),
  ];
  return transformed(manifests, resolved.transform).map((manifest) => withOrigin(manifest, call));
}

function workload(app: App): Manifest[] {
  if (app.stateful === undefined) return [deploymentManifest(app)];
  return [podServiceManifest(app), statefulSetManifest(app, app.stateful)];
}

function reach(app: App): Manifest[] {
  const { scaling, disruption, ingress, route, network } = app;
  return [
    ...(scaling === undefined ? [] : [autoscalerManifest(app, scaling)]),
    ...(disruption === undefined ? [] : [disruptionBudgetManifest(app, disruption)]),
    ...(ingress === undefined ? [] : [ingressManifest(app, ingress)]),
    ...(route === undefined ? [] : [httpRouteManifest(app, route)]),
    ...(network === undefined ? [] : [networkPolicyManifest(app, network)]),
  ];
}

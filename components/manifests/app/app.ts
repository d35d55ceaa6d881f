import { throwIfAny } from "../../mistake";
import type { Manifest } from "../manifest";
import { checkApp, resolveApp } from "./args";
import type { AppArgs } from "./args";
import { configMapManifest, hasConfig } from "./config-map";
import { deploymentManifest } from "./deployment";
import { serviceManifest } from "./service";
import { serviceAccountManifest } from "./service-account";

/**
 * The objects of an HTTP service: ServiceAccount, ConfigMap (when there is `config`), Service and Deployment,
 * with restricted Pod Security, probes and resources.
 *
 * @throws Mistake with every problem of the arguments.
 * @example
 * app({ name: "web", image: "registry.example.com/acme/web@sha256:…", port: 8080, config: { GREETING: "hello" } })
 */
export function app(args: AppArgs): Manifest[] {
  throwIfAny(`app(${JSON.stringify(args.name)})`, checkApp(args));
  const resolved = resolveApp(args);
  return [
    serviceAccountManifest(resolved),
    ...(hasConfig(resolved) ? [configMapManifest(resolved)] : []),
    serviceManifest(resolved),
    deploymentManifest(resolved),
  ];
}

import type { Manifest } from "../../manifests";
import { NOTIFICATION_ALPHA_API } from "./names";

/** Where Flux says of each commit what became of it in the cluster. */
export interface StatusArgs {
  /** Address of the repository on its host, without credentials. */
  readonly address: string;
  /** Name of the Secret with the token that may write statuses. */
  readonly secret: string;
}

/**
 * What makes Flux set the status of every commit that it applies, or fails to apply, at the repository's host.
 * Source: Flux, "Provider: Git commit status updates".
 */
export function statusManifests(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  { address, secret }: StatusArgs,
): Manifest[] {
  const metadata = { name, namespace };
  const spec = { type: "github", address, secretRef: { name: secret } };
  const eventSources = [{ kind: "Kustomization", name }];
  return [
    { apiVersion: NOTIFICATION_ALPHA_API, kind: "Provider", metadata, spec },
    {
      apiVersion: NOTIFICATION_ALPHA_API,
      kind: "Alert",
      metadata,
      // Of what went well, too: only both together are a status.
      spec: { providerRef: { name }, eventSeverity: "info", eventSources },
    },
  ];
}

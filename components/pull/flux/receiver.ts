import { createHash } from "node:crypto";
import type { Manifest } from "../../manifests";
import { NOTIFICATION_API, SOURCE_API } from "./names";

/** What a webhook's sender is checked by. Source: Flux, "Receiver: type". */
export type ReceiverType = "github" | "gitlab" | "bitbucket" | "generic-hmac" | "generic";

/** What makes Flux look at the repository as soon as its server says that something was pushed. */
export function receiverManifest(
  stack: { readonly name: string; readonly namespace: string },
  type: ReceiverType,
  secret: string,
): Manifest {
  const { name, namespace } = stack;
  const events = type === "github" ? { events: ["ping", "push"] } : {};
  return {
    apiVersion: NOTIFICATION_API,
    kind: "Receiver",
    metadata: { name, namespace },
    spec: {
      type,
      ...events,
      secretRef: { name: secret },
      resources: [{ apiVersion: SOURCE_API, kind: "GitRepository", name }],
    },
  };
}

/**
 * Where a Receiver takes webhooks: it follows from the token, so it is known before the cluster answers.
 * Source: Flux, "Receiver: Webhook path".
 */
export function webhookPath(token: string, { name, namespace }: { name: string; namespace: string }): string {
  return `/hook/${createHash("sha256").update(`${token}${name}${namespace}`).digest("hex")}`;
}

import type { Pod } from "./pod-args";

/** What selects the pods. It never changes for an application: a Deployment's selector is immutable. */
export function selectorLabels({ name }: Pick<Pod, "name">): Record<string, string> {
  return { "app.kubernetes.io/name": name };
}

/** Every object's labels. */
export function objectLabels(app: Pick<Pod, "name" | "labels">): Record<string, string> {
  return { ...app.labels, ...selectorLabels(app) };
}

import type { ClusterTarget } from "../../../components/clusters";
import { app, job } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import type { Registration } from "../../support/registrations";

/** A word that only secrets have: where it shows up in plain text, one has leaked. */
export const CANARY = "canary-8d21f6";

export const IMAGE = `registry.example.com/acme/web@sha256:${"a".repeat(64)}`;

/** A cluster by the text of a kubeconfig, whose token is the canary. */
export function cluster(name: string): ClusterTarget {
  const kubeconfig = JSON.stringify({
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: "me" } }],
    clusters: [{ name, cluster: { server: `https://${name}.example.com` } }],
    users: [{ name: "me", user: { token: CANARY } }],
  });
  return { name, kubeconfig };
}

const [migrate] = job({ name: "migrate", image: IMAGE })
  .filter(({ kind }) => kind === "Job")
  .map((made): Manifest => ({ ...made, metadata: { ...made.metadata, name: "migrate" } }));

/** One object of each stage of the order of application, and a Secret. */
export const manifests: readonly Manifest[] = [
  ...app({ name: "web", image: IMAGE, port: 8080, config: { GREETING: "hello" } }),
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "keys" },
    data: { key: CANARY },
    stringData: { a: CANARY },
  },
  migrate!,
];

/** Name of the provider that each object goes to, by the object's name without its cluster: rule 14's example. */
export function objectsByProvider(world: readonly Registration[]): Record<string, string[]> {
  const names = new Map(world.map(({ urn, name }) => [urn, name]));
  const objects = world.filter(({ type }) => type.startsWith("kubernetes:"));
  const sorted: Record<string, string[]> = {};
  for (const { provider, name } of objects) {
    const owner = names.get(provider.slice(0, provider.lastIndexOf("::"))) ?? provider;
    (sorted[owner] ??= []).push(name);
  }
  for (const list of Object.values(sorted)) list.sort();
  return sorted;
}

/** The one resource with that name, and that type where several have the name. */
export function find(world: readonly Registration[], name: string, type = ""): Registration {
  const found = world.filter((each) => each.name === name && each.type.startsWith(type));
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    throw new Error(
      `${found.length} resources are named ${name}: ${world.map((each) => each.name).join(" ")}`,
    );
  }
  return only;
}

/** Everything that comes before a resource, directly or not, by name. */
export function before(world: readonly Registration[], name: string): Set<string> {
  const all = new Set<string>();
  const visit = ({ dependsOn }: Registration): void => {
    for (const each of dependsOn.filter((dependency) => !all.has(dependency))) {
      all.add(each);
      world.filter((other) => other.name === each).forEach(visit);
    }
  };
  visit(find(world, name));
  return all;
}

import * as pulumi from "@pulumi/pulumi";
import { checkDnsSubdomain, MANAGED_BY, shown } from "../manifests";
import type { Manifest } from "../manifests";
import { fieldsOf } from "../manifests/fields";
import { podTemplateOf } from "../manifests/pods";

/**
 * Credentials of a registry, which every cluster gets as a Secret beside the objects; pods name it in their
 * `imagePullSecrets`. It is applied by `pulumi up` in both modes and is never among what is published.
 */
export interface PullSecret {
  /** Name of the Secret, a DNS-1123 subdomain. */
  readonly name: string;
  /** Host of the registry, with its port unless that is 443, as `registry.example.com`. */
  readonly registry: string;
  readonly username: pulumi.Input<string>;
  /** It is kept as a secret. */
  readonly password: pulumi.Input<string>;
}

const SECRET_TYPE = "kubernetes.io/dockerconfigjson";
/** What kubelets look credentials of Docker Hub up by. Source: Kubernetes, "Pull an Image from a Private Registry". */
const DOCKER_HUB = { host: "docker.io", key: "https://index.docker.io/v1/" };
const HOST = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/;

/** The Secret of one cluster. Source: Kubernetes, "Pull an Image from a Private Registry". */
export function pullSecretManifest(namespace: string, secret: PullSecret): Manifest {
  const { name, registry, username, password } = secret;
  const config = pulumi.all([username, pulumi.secret(password)]).apply(([user, pass]) => {
    const auth = Buffer.from(`${user}:${pass}`).toString("base64");
    return JSON.stringify({
      auths: {
        [registry === DOCKER_HUB.host ? DOCKER_HUB.key : registry]: { username: user, password: pass, auth },
      },
    });
  });
  const metadata = { name, namespace, labels: { "app.kubernetes.io/managed-by": MANAGED_BY } };
  return {
    ...{ apiVersion: "v1", kind: "Secret", metadata, type: SECRET_TYPE },
    stringData: { ".dockerconfigjson": config },
  };
}

/** Whether it is of the kind that {@link pullSecretManifest} makes. */
export function isPullSecret({ kind, type }: Manifest): boolean {
  return kind === "Secret" && type === SECRET_TYPE;
}

/** Problems of pull secrets by themselves. No message has a value of a credential. */
export function checkPullSecrets(secrets: readonly PullSecret[]): string[] {
  const names = secrets.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...secrets.flatMap((secret) => checkPullSecret(secret)),
    ...[...repeated].map((name) => `pullSecrets: two are named ${shown(name)}; keep one`),
  ];
}

function checkPullSecret({ name, registry, username, password }: PullSecret): string[] {
  const isHost = typeof registry === "string" && HOST.test(registry);
  const empty = Object.entries({ username, password }).filter(
    ([, value]) => value === undefined || value === "",
  );
  return [
    ...checkDnsSubdomain("pullSecrets: a name", name),
    ...(isHost
      ? []
      : [`pullSecrets: the registry of ${shown(name)} is ${shown(registry)}; give its host and no path`]),
    ...empty.map(([field]) => `pullSecrets: the ${field} of ${shown(name)} is empty; give it`),
  ];
}

/** Problems of pull secrets with the objects that are to name them. */
export function checkPullSecretUse(secrets: readonly PullSecret[], objects: readonly Manifest[]): string[] {
  const named = new Set(objects.flatMap(pullSecretNames));
  return secrets.flatMap(({ name }) => {
    const twin = objects.some(({ kind, metadata }) => kind === "Secret" && metadata.name === name);
    if (twin) return [`pullSecrets: ${shown(name)} is among the manifests, too; keep one of them`];
    if (named.has(name)) return [];
    return [`pullSecrets: no pod pulls with ${shown(name)}; give app() imagePullSecrets: [${shown(name)}]`];
  });
}

/** Names of the pull secrets of a workload, or of a ServiceAccount, whose pods all get them. */
function pullSecretNames(manifest: Manifest): string[] {
  const list = podTemplateOf(manifest)?.spec.imagePullSecrets ?? manifest.imagePullSecrets;
  return Array.isArray(list) ? list.map((entry) => String(fieldsOf(entry).name)) : [];
}

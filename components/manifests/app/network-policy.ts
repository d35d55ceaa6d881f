import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels, selectorLabels } from "./labels";
import { DEFAULT_PROTOCOL } from "./reach-args";
import type { NetworkArgs, Peer } from "./reach-args";

const DNS_PORT = 53;
/** The label that every namespace has with its own name. Source: Kubernetes, "Labels and Selectors". */
const NAMESPACE_LABEL = "kubernetes.io/metadata.name";

/** Closes both directions but for what is named, and for DNS, without which no name can be looked up. */
export function networkPolicyManifest(app: App, { from = [], to = [] }: NetworkArgs): Manifest {
  const ports = [
    { port: app.port, protocol: DEFAULT_PROTOCOL },
    ...app.ports.map(({ port, protocol }) => ({ port, protocol: protocol ?? DEFAULT_PROTOCOL })),
  ];
  const dns = ["UDP", "TCP"].map((protocol) => ({ port: DNS_PORT, protocol }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: app.name, labels: objectLabels(app) },
    spec: {
      podSelector: { matchLabels: selectorLabels(app) },
      policyTypes: ["Ingress", "Egress"],
      // An empty list of peers would be everybody.
      ingress: from.length === 0 ? [] : [{ from: from.map(peer), ports }],
      egress: [{ to: [{ namespaceSelector: {} }], ports: dns }, ...to.map(egressRule)],
    },
  };
}

function egressRule({
  ports = [],
  ...to
}: Peer & { readonly ports?: readonly number[] }): Record<string, unknown> {
  const only = ports.map((port) => ({ port, protocol: DEFAULT_PROTOCOL }));
  return { to: [peer(to)], ...(only.length > 0 ? { ports: only } : {}) };
}

function peer(args: Peer): Record<string, unknown> {
  if ("cidr" in args) return { ipBlock: { cidr: args.cidr } };
  const { namespace } = args;
  return {
    ...(namespace === undefined
      ? {}
      : { namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } } }),
    ...("app" in args ? { podSelector: { matchLabels: selectorLabels({ name: args.app }) } } : {}),
  };
}

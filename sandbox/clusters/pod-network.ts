import { writePrivate } from "./files.ts";
import type { PartSpec } from "./parts.ts";

/**
 * The API server's connections to pods by a proxy of its own, as in clusters whose control plane is in another network: it
 * says `CONNECT` with a pod's address on a Unix socket. Without one they go to wherever the made-up addresses of pods lead.
 * Source: Kubernetes, "Set up Konnectivity service".
 *
 * @param file where the API server's settings of it are written
 * @param socket path of the proxy's socket; undefined for none
 */
export function withPodNetwork(part: PartSpec, file: string, socket: string | undefined): PartSpec {
  if (socket === undefined) return part;
  const connection = { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: socket } } };
  const settings = {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [{ name: "cluster", connection }],
  };
  writePrivate(file, JSON.stringify(settings));
  return { ...part, args: [...part.args, `--egress-selector-config-file=${file}`] };
}

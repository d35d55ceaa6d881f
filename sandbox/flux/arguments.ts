import type { FluxController } from "../toolchain/index.ts";

/** Where one controller listens beside its cluster, on the loopback interface. */
export interface FluxPorts {
  readonly health: number;
  /** source-controller: where its artifacts are fetched. */
  readonly storage: number;
  /** notification-controller: where the others send events to. */
  readonly events: number;
  /** notification-controller: where webhooks arrive. */
  readonly receiver: number;
}

/**
 * The arguments of an installed Deployment, for a process beside the cluster: addresses become loopback ones, and
 * there is nobody to elect. Everything else stays as it is installed.
 */
export function besideCluster(
  name: FluxController,
  installed: readonly string[],
  places: { readonly ports: FluxPorts; readonly storage: string },
): string[] {
  const moved = addresses(name, places);
  // Without notification-controller nobody takes events, and the installation says so by leaving this out.
  if (name !== "notification-controller" && !installed.some((arg) => nameOf(arg) === EVENTS))
    delete moved[EVENTS];
  const kept = installed.filter((arg) => !Object.hasOwn(moved, nameOf(arg)) && !LEFT_OUT.has(nameOf(arg)));
  return [...kept, ...Object.entries(moved).map(([flag, value]) => `${flag}=${value}`)];
}

const nameOf = (arg: string): string => arg.split("=")[0] ?? arg;
const EVENTS = "--events-addr";
const LEFT_OUT = new Set(["--enable-leader-election"]);

function addresses(
  name: FluxController,
  { ports, storage }: Parameters<typeof besideCluster>[2],
): Record<string, string> {
  const common = { "--metrics-addr": "0", "--health-addr": `127.0.0.1:${ports.health}` };
  const events = { [EVENTS]: `http://127.0.0.1:${ports.events}/` };
  switch (name) {
    case "source-controller": {
      const address = `127.0.0.1:${ports.storage}`;
      const artifacts = { "--storage-addr": address, "--storage-adv-addr": address };
      return { ...common, ...events, "--storage-path": storage, ...artifacts };
    }
    case "kustomize-controller":
      return { ...common, ...events };
    case "notification-controller": {
      const receiver = { "--receiverAddr": `127.0.0.1:${ports.receiver}` };
      return { ...common, "--events-addr": `127.0.0.1:${ports.events}`, ...receiver };
    }
    default:
      return name satisfies never;
  }
}

export interface BuildkitdSettings {
  readonly root: string;
  /** Path of the Unix socket. */
  readonly socket: string;
  /** Path of the binary. */
  readonly runc: string;
  readonly cgroup: string;
  /** `HOST:PORT` of registries that speak plain HTTP. */
  readonly insecureRegistries: readonly string[];
}

/** What the cache may take. */
const CACHE = "4GB";
const PARALLELISM = 4;
const HISTORY_ENTRIES = 20;

/** BuildKit's configuration: https://docs.docker.com/build/buildkit/toml-configuration/ */
export function renderBuildkitdConfig(settings: BuildkitdSettings): string {
  const { root, socket, runc, cgroup, insecureRegistries } = settings;
  // A string of JSON is one of TOML, too.
  const text = (value: string): string => JSON.stringify(value);
  const lines = [
    `root = ${text(root)}`,
    "[grpc]",
    `address = [${text(`unix://${socket}`)}]`,
    "[history]",
    `maxEntries = ${HISTORY_ENTRIES}`,
    "[worker.oci]",
    "enabled = true",
    'snapshotter = "native"',
    'networkMode = "host"',
    `binary = ${text(runc)}`,
    `defaultCgroupParent = ${text(cgroup)}`,
    `max-parallelism = ${PARALLELISM}`,
    "gc = true",
    `maxUsedSpace = ${text(CACHE)}`,
    "[worker.containerd]",
    "enabled = false",
    ...insecureRegistries.flatMap((registry) => [`[registry.${text(registry)}]`, "http = true"]),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * The restricted profile of the Kubernetes Pod Security Standards as a check of a pod's spec. Each sentence names the
 * control of that page. It is for Linux pods, and does not know the AppArmor annotations of before Kubernetes 1.30;
 * on every other example of `k8s.io/pod-security-admission` 0.36.3 it says what that says.
 * Source: Kubernetes, "Pod Security Standards", tables "Baseline" and "Restricted".
 */
export function restrictedViolations(pod: unknown): string[] {
  const spec = at(pod);
  return [...podViolations(spec), ...containersOf(spec).flatMap((container) => inContainer(container, spec))];
}

type Fields = Readonly<Record<string, unknown>>;

const HOST_FLAGS = ["hostNetwork", "hostPID", "hostIPC"] as const;
const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;
const SECCOMP_TYPES: readonly unknown[] = ["RuntimeDefault", "Localhost"];
const APPARMOR_TYPES: readonly unknown[] = [undefined, "RuntimeDefault", "Localhost"];
const SELINUX_TYPES: readonly unknown[] = [
  undefined,
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];
const SAFE_SYSCTLS: readonly unknown[] = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
];
const VOLUME_TYPES: readonly string[] = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const at = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const listAt = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(at) : []);
const when = (wrong: boolean, sentence: string): string[] => (wrong ? [sentence] : []);

function containersOf(spec: Fields): Fields[] {
  return CONTAINER_LISTS.flatMap((list) => listAt(spec[list]));
}

function podViolations(spec: Fields): string[] {
  const security = at(spec.securityContext);
  return [
    ...HOST_FLAGS.flatMap((flag) => when(spec[flag] === true, `Host Namespaces: ${flag} is set`)),
    ...listAt(spec.volumes).flatMap(volumeViolations),
    ...listAt(security.sysctls).flatMap(({ name }) =>
      when(!SAFE_SYSCTLS.includes(name), `Sysctls: ${String(name)} is not a safe one`),
    ),
    ...contextViolations("the pod", security),
    ...when(containersOf(spec).length === 0, "the pod has no container, so nothing was checked"),
  ];
}

function volumeViolations({ name, ...source }: Fields): string[] {
  return Object.keys(source).flatMap((type) =>
    when(!VOLUME_TYPES.includes(type), `Volume Types: ${String(name)} is a ${type}`),
  );
}

/** What holds for the security context of a pod as for that of a container. */
function contextViolations(owner: string, security: Fields): string[] {
  const { type, user, role } = at(security.seLinuxOptions);
  const options = at(security.windowsOptions);
  return [
    ...when(security.runAsUser === 0, `Running as Non-root user: ${owner} runs as user 0`),
    ...when(options.hostProcess === true, `HostProcess: ${owner} asks for it`),
    ...when(!SELINUX_TYPES.includes(type), `SELinux: ${owner} has type ${String(type)}`),
    ...when(Boolean(user ?? role), `SELinux: ${owner} sets a user or a role`),
    ...when(!APPARMOR_TYPES.includes(at(security.appArmorProfile).type), `AppArmor: ${owner} overrides it`),
  ];
}

function inContainer(container: Fields, spec: Fields): string[] {
  const name = `container ${String(container.name)}`;
  const own = at(container.securityContext);
  const pod = at(spec.securityContext);
  const { type } = at(own.seccompProfile ?? pod.seccompProfile);
  return [
    ...contextViolations(name, own),
    ...when(own.privileged === true, `Privileged Containers: ${name} is privileged`),
    ...when(own.allowPrivilegeEscalation !== false, `Privilege Escalation: ${name} may escalate`),
    ...when((own.runAsNonRoot ?? pod.runAsNonRoot) !== true, `Running as Non-root: ${name} may run as root`),
    ...when(!SECCOMP_TYPES.includes(type), `Seccomp: ${name} has the profile ${String(type)}`),
    ...capabilityViolations(name, at(own.capabilities)),
    ...when(
      (own.procMount ?? "Default") !== "Default",
      `/proc Mount Type: ${name} has ${String(own.procMount)}`,
    ),
    ...portViolations(name, container),
    ...probeViolations(name, container),
  ];
}

function capabilityViolations(name: string, { drop, add }: Fields): string[] {
  const dropped = Array.isArray(drop) ? drop : [];
  const added: unknown[] = Array.isArray(add) ? add : [];
  return [
    ...when(!dropped.includes("ALL"), `Capabilities: ${name} does not drop ALL`),
    ...when(
      added.some((capability) => capability !== "NET_BIND_SERVICE"),
      `Capabilities: ${name} adds others than NET_BIND_SERVICE`,
    ),
  ];
}

function portViolations(name: string, container: Fields): string[] {
  return listAt(container.ports).flatMap(({ hostPort }) =>
    when((hostPort ?? 0) !== 0, `Host Ports: ${name} takes ${String(hostPort)}`),
  );
}

const HANDLERS = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

function probeViolations(name: string, container: Fields): string[] {
  const lifecycle = at(container.lifecycle);
  const handlers = [
    ...HANDLERS.map((probe) => at(container[probe])),
    at(lifecycle.postStart),
    at(lifecycle.preStop),
  ];
  return handlers.flatMap((handler) =>
    ["httpGet", "tcpSocket"].flatMap((kind) =>
      when(Boolean(at(handler[kind]).host), `Host Probes / Lifecycle Hooks: ${name} names a host`),
    ),
  );
}

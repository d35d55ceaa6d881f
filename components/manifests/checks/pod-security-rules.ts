import { fieldsAt, fieldsOf, listOf } from "../fields";
import type { Fields } from "../fields";
import { isLate } from "../late";
import { shown } from "../names";
import { containersOf } from "../pods";
import type { Container, PodTemplate } from "../pods";

/** The strictest profile that a finding breaks: what breaks `baseline` breaks `restricted`, too. */
export interface Finding {
  readonly breaks: "baseline" | "restricted";
  readonly sentence: string;
}

/**
 * What in a Linux pod breaks the Pod Security Standards of Kubernetes 1.36.
 * Source: Kubernetes, "Pod Security Standards"; the verdicts are those of `k8s.io/pod-security-admission` 0.36.
 */
export function podSecurityFindings(pod: PodTemplate): Finding[] {
  return [
    ...podFindings(pod),
    ...contextFindings(`${pod.at}.securityContext`, fieldsOf(pod.spec.securityContext)),
    ...containersOf(pod).flatMap((container) => containerFindings(container, pod)),
  ];
}

const HOST_FLAGS = ["hostNetwork", "hostPID", "hostIPC"];
const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];
const VOLUME_TYPES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const PROFILES = ["RuntimeDefault", "Localhost"];
const DEFAULT_CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];
const NET_BIND_SERVICE = "NET_BIND_SERVICE";

function finding(breaks: Finding["breaks"], isBroken: boolean, sentence: string): Finding[] {
  return isBroken ? [{ breaks, sentence }] : [];
}

function isIn(known: readonly string[], value: unknown): boolean {
  return isLate(value) || known.includes(String(value));
}

function podFindings({ at, spec }: PodTemplate): Finding[] {
  const sysctls = listOf(fieldsAt(spec, "securityContext").sysctls);
  return [
    ...HOST_FLAGS.flatMap((flag) =>
      finding("baseline", spec[flag] === true, `${at}.${flag} is true; remove it`),
    ),
    ...sysctls.flatMap(({ name }) =>
      finding(
        "baseline",
        !isIn(SAFE_SYSCTLS, name),
        `${at}.securityContext.sysctls has ${shown(name)}; remove it`,
      ),
    ),
    ...listOf(spec.volumes).flatMap((volume, index) => volumeFindings(`${at}.volumes[${index}]`, volume)),
  ];
}

function volumeFindings(at: string, volume: Fields): Finding[] {
  const types = Object.keys(volume).filter((field) => field !== "name");
  return types.flatMap((type) => {
    const breaks = type === "hostPath" ? "baseline" : "restricted";
    return finding(
      breaks,
      !VOLUME_TYPES.includes(type),
      `${at} is a ${type}; use ${VOLUME_TYPES.join(", ")}`,
    );
  });
}

/** What holds for the security context of a pod as for that of a container. */
function contextFindings(at: string, context: Fields): Finding[] {
  const { hostProcess } = fieldsOf(context.windowsOptions);
  const { type: armor = "RuntimeDefault" } = fieldsOf(context.appArmorProfile);
  const { type: seccomp = "RuntimeDefault" } = fieldsOf(context.seccompProfile);
  const unconfined = `${at}.seccompProfile.type is ${shown(seccomp)}; give "RuntimeDefault"`;
  return [
    ...finding("baseline", hostProcess === true, `${at}.windowsOptions.hostProcess is true; remove it`),
    ...finding(
      "baseline",
      !isIn(PROFILES, armor),
      `${at}.appArmorProfile.type is ${shown(armor)}; remove it`,
    ),
    ...finding("baseline", !isIn(PROFILES, seccomp), unconfined),
    ...finding(
      "restricted",
      context.runAsUser === 0,
      `${at}.runAsUser is 0, which is root; give another number`,
    ),
    ...finding("restricted", context.runAsNonRoot === false, `${at}.runAsNonRoot is false; give true`),
    ...selinuxFindings(`${at}.seLinuxOptions`, fieldsOf(context.seLinuxOptions)),
  ];
}

function selinuxFindings(at: string, { type = "", user = "", role = "" }: Fields): Finding[] {
  return [
    ...finding("baseline", !isIn(SELINUX_TYPES, type), `${at}.type is ${shown(type)}; remove it`),
    ...finding("baseline", user !== "" || role !== "", `${at} sets a user or a role; remove them`),
  ];
}

function containerFindings({ at, fields }: Container, { spec }: PodTemplate): Finding[] {
  const own = fieldsOf(fields.securityContext);
  const ofPod = fieldsOf(spec.securityContext);
  const context = `${at}.securityContext`;
  const seccomp = own.seccompProfile ?? ofPod.seccompProfile;
  const { allowPrivilegeEscalation: escalates, procMount = "Default" } = own;
  return [
    ...contextFindings(context, own),
    ...finding("baseline", own.privileged === true, `${context}.privileged is true; remove it`),
    ...finding("baseline", procMount !== "Default", `${context}.procMount is ${shown(procMount)}; remove it`),
    ...finding(
      "restricted",
      escalates !== false && !isLate(escalates),
      `${context}.allowPrivilegeEscalation is not false; give false`,
    ),
    ...finding(
      "restricted",
      (own.runAsNonRoot ?? ofPod.runAsNonRoot) === undefined,
      `${context}.runAsNonRoot is missing; give true`,
    ),
    ...finding(
      "restricted",
      seccomp === undefined,
      `${context}.seccompProfile is missing; give { type: "RuntimeDefault" }`,
    ),
    ...capabilityFindings(`${context}.capabilities`, fieldsOf(own.capabilities)),
    ...reachFindings(at, fields),
  ];
}

function capabilityFindings(at: string, { drop, add }: Fields): Finding[] {
  const added: unknown[] = Array.isArray(add) ? add : [];
  const dropsAll = isLate(drop) || (Array.isArray(drop) && drop.some((one) => isIn(["ALL"], one)));
  return [
    ...finding("restricted", !dropsAll, `${at}.drop does not have "ALL"; give ["ALL"]`),
    ...added.flatMap((one) =>
      finding(
        isIn(DEFAULT_CAPABILITIES, one) ? "restricted" : "baseline",
        !isIn([NET_BIND_SERVICE], one),
        `${at}.add has ${shown(one)}; remove it, "${NET_BIND_SERVICE}" is the only one that may be added`,
      ),
    ),
  ];
}

/** Ports of the node, and probes and hooks that reach out to a host of their own. */
function reachFindings(at: string, fields: Fields): Finding[] {
  const ports = listOf(fields.ports).flatMap(({ hostPort = 0 }, index) =>
    finding("baseline", hostPort !== 0, `${at}.ports[${index}].hostPort takes a port of the node; remove it`),
  );
  const probes = [
    "startupProbe",
    "readinessProbe",
    "livenessProbe",
    "lifecycle.postStart",
    "lifecycle.preStop",
  ];
  const hosts = probes.flatMap((probe) =>
    ["httpGet", "tcpSocket"].flatMap((kind) => {
      const { host = "" } = fieldsAt(fields, ...probe.split("."), kind);
      return finding(
        "baseline",
        host !== "",
        `${at}.${probe}.${kind}.host is set; remove it, the pod itself is asked`,
      );
    }),
  );
  return [...ports, ...hosts];
}

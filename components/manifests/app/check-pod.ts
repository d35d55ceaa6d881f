import { checkLabels } from "../labels";
import { isLate } from "../late";
import { checkDnsLabel, checkDnsSubdomain, shown } from "../names";
import { resolvePod } from "./pod-args";
import type { ContainerArgs, Pod, PodArgs, SecretKey, VolumeArgs } from "./pod-args";

/** The largest count and the largest user that Kubernetes takes. */
export const MAX_INT32 = 2 ** 31 - 1;

export function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** Problems of {@link PodArgs} but for its name, each naming the field, its value and what to do. */
export function checkPod(args: PodArgs): string[] {
  const pod = resolvePod(args);
  const { user } = pod;
  const rootless = `give a whole number from 1 to ${MAX_INT32}; 0 is root`;
  return [
    ...checkImage("image", args.image),
    ...(isWhole(user, 1, MAX_INT32) ? [] : [`user is ${shown(user)}; ${rootless}`]),
    ...checkVariables("config", args.config, (value) => typeof value === "string"),
    ...checkVariables("env", args.env, isText),
    ...checkSecretEnv("secretEnv", pod.secretEnv),
    ...pod.secretEnvFrom.flatMap((name, index) => checkDnsSubdomain(`secretEnvFrom[${index}]`, name)),
    ...pod.imagePullSecrets.flatMap((name, index) => checkDnsSubdomain(`imagePullSecrets[${index}]`, name)),
    ...checkLabels("labels", args.labels),
    ...pod.volumes.flatMap((volume, index) => checkVolume(`volumes[${index}]`, volume)),
    ...checkContainers(pod),
    ...checkException(pod),
  ];
}

const isText = (value: unknown): boolean => typeof value === "string" || isLate(value);

function checkImage(field: string, image: unknown): string[] {
  if (isLate(image) || (typeof image === "string" && image !== "")) return [];
  return [`${field} is missing; give repository@sha256:…`];
}

const VARIABLE = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const VARIABLE_RULE =
  'a variable\'s name is of letters, digits, "_", "-" and ".", not beginning with a digit';

/** Problems of variables; no message has a value, which may be a secret. */
function checkVariables(
  field: string,
  variables: PodArgs["env"],
  isValue: (value: unknown) => boolean,
): string[] {
  return Object.entries(variables ?? {}).flatMap(([name, value]) => {
    if (!VARIABLE.test(name)) return [`${field} has ${shown(name)}; ${VARIABLE_RULE}`];
    if (isValue(value)) return [];
    return [`${field}.${name} is ${typeOf(value)}; give text, as ${field}: { ${name}: "…" }`];
  });
}

function typeOf(value: unknown): string {
  if (isLate(value)) return "known only later";
  return value === undefined || value === null ? String(value) : `of type ${typeof value}`;
}

function checkSecretEnv(field: string, variables: Readonly<Record<string, SecretKey>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    if (!VARIABLE.test(name)) return [`${field} has ${shown(name)}; ${VARIABLE_RULE}`];
    if (typeof value !== "object" || value === null) {
      return [
        `${field}.${name} is ${typeOf(value)}; name a value of a Secret, as { secret: "db", key: "password" }`,
      ];
    }
    return [
      ...checkDnsSubdomain(`${field}.${name}.secret`, value.secret),
      ...(DATA_KEY.test(value.key)
        ? []
        : [`${field}.${name}.key is ${shown(value.key)}; give a key of the Secret`]),
    ];
  });
}

const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

function checkVolume(at: string, volume: VolumeArgs): string[] {
  const sources = ["empty", "configMap", "secret", "claim"].filter((source) => source in volume);
  const [source = ""] = sources;
  const named = (volume as unknown as Record<string, unknown>)[source];
  return [
    ...checkDnsLabel(`${at}.name`, volume.name),
    ...checkPath(`${at}.path`, volume.path),
    ...(sources.length === 1
      ? []
      : [`${at} has ${sources.join(", ") || "no source"}; give one of empty, configMap, secret, claim`]),
    ...(source === "empty" || sources.length !== 1 ? [] : checkDnsSubdomain(`${at}.${source}`, named)),
  ];
}

function checkPath(field: string, path: unknown): string[] {
  if (typeof path === "string" && path.startsWith("/") && !path.includes(":")) return [];
  return [`${field} is ${shown(path)}; give an absolute path without ":"`];
}

function checkContainers(pod: Pod): string[] {
  const lists = { initContainers: pod.initContainers, sidecars: pod.sidecars };
  const volumes = pod.volumes.map(({ name }) => name);
  const problems = Object.entries(lists).flatMap(([list, containers]) =>
    containers.flatMap((container, index) => checkContainer(`${list}[${index}]`, container, volumes)),
  );
  const names = [
    pod.name,
    ...pod.initContainers.map(({ name }) => name),
    ...pod.sidecars.map(({ name }) => name),
  ];
  return [...problems, ...repeated("a container", names), ...repeated("a volume", volumes)];
}

function checkContainer(at: string, container: ContainerArgs, volumes: readonly string[]): string[] {
  const mounts = Object.entries(container.mounts ?? {});
  return [
    ...checkDnsLabel(`${at}.name`, container.name),
    ...checkImage(`${at}.image`, container.image),
    ...checkVariables(`${at}.env`, container.env, isText),
    ...checkSecretEnv(`${at}.secretEnv`, container.secretEnv ?? {}),
    ...mounts.flatMap(([name, path]) => [
      ...(volumes.includes(name) ? [] : [`${at}.mounts has ${shown(name)}, which is no volume of the pod`]),
      ...checkPath(`${at}.mounts.${name}`, path),
    ]),
  ];
}

function repeated(what: string, names: readonly string[]): string[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `two of the pod have one name: ${what} is named ${shown(name)} twice`);
}

function checkException({ podSecurityException: exception }: Pod): string[] {
  if (exception === undefined || exception.because.trim() !== "") return [];
  return ["podSecurityException.because is empty; say why the pods need it"];
}

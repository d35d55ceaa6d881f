import type * as pulumi from "@pulumi/pulumi";
import { checkLabels } from "../labels";
import { isLate } from "../late";
import { checkDnsLabel, shown } from "../names";

/** How many pods run when nothing is said. */
export const DEFAULT_REPLICAS = 1;
/** Where the service answers whether it is alive and ready. */
export const DEFAULT_HEALTH_PATH = "/healthz";
/** Requested and limited per container. No CPU limit: it slows a service down even when the node is idle. */
export const DEFAULT_RESOURCES: Resources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { memory: "128Mi" },
};
/** The numeric user of the container: restricted Pod Security wants one that is not root. */
export const DEFAULT_USER = 65532;

/** Amounts by resource name, as in `{ cpu: "50m", memory: "64Mi" }`. Source: Kubernetes, "Resource units". */
export interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** An HTTP service as a team declares it; {@link app} makes the Kubernetes objects of it. */
export interface AppArgs {
  /** Name of every object; a DNS-1123 label. */
  readonly name: string;
  /** `repository@sha256:…`; may be the `ref` of an `Image`. */
  readonly image: pulumi.Input<string>;
  /** The port on which the service listens for HTTP, 1 to 65535. The Service has the same one. */
  readonly port: number;
  /** @default {@link DEFAULT_REPLICAS} */
  readonly replicas?: number;
  /** Settings that the container gets as environment variables, kept in a ConfigMap. A change rolls the pods. */
  readonly config?: Readonly<Record<string, string>>;
  /** Environment variables beside `config`. Values stand in the pod template; name secrets by reference instead. */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Arguments of the container's entry point. */
  readonly args?: readonly string[];
  /**
   * Path that answers 2xx or 3xx when the service is alive and ready.
   * @default {@link DEFAULT_HEALTH_PATH}
   */
  readonly healthPath?: string;
  /** @default {@link DEFAULT_RESOURCES} */
  readonly resources?: Resources;
  /**
   * Numeric user that the container runs as; 0, which is root, is refused.
   * @default {@link DEFAULT_USER}
   */
  readonly user?: number;
  /** Labels of every object, beside the recommended ones. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** {@link AppArgs} with every default filled in. */
export type App = Required<AppArgs>;

export function resolveApp(args: AppArgs): App {
  return {
    name: args.name,
    image: args.image,
    port: args.port,
    replicas: args.replicas ?? DEFAULT_REPLICAS,
    config: args.config ?? {},
    env: args.env ?? {},
    args: args.args ?? [],
    healthPath: args.healthPath ?? DEFAULT_HEALTH_PATH,
    resources: args.resources ?? DEFAULT_RESOURCES,
    user: args.user ?? DEFAULT_USER,
    labels: args.labels ?? {},
  };
}

const MAX_PORT = 65_535;
/** The largest count and the largest user that Kubernetes takes. */
const MAX_INT32 = 2 ** 31 - 1;
const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

/** Problems of {@link AppArgs}, each naming the field, its value and what to do. */
export function checkApp(args: AppArgs): string[] {
  const { port, replicas, healthPath, user } = resolveApp(args);
  const problems = checkName(args.name);
  if (!isLate(args.image) && (typeof args.image !== "string" || args.image === ""))
    problems.push("image is missing; give repository@sha256:…");
  if (!isWhole(port, 1, MAX_PORT))
    problems.push(`port is ${shown(port)}; give a whole number from 1 to ${MAX_PORT}`);
  if (!isWhole(replicas, 0, MAX_INT32)) {
    problems.push(`replicas is ${shown(replicas)}; give a whole number from 0 to ${MAX_INT32}`);
  }
  if (!healthPath.startsWith("/")) problems.push(`healthPath is ${shown(healthPath)}; begin it with "/"`);
  if (!isWhole(user, 1, MAX_INT32)) {
    problems.push(`user is ${shown(user)}; give a whole number from 1 to ${MAX_INT32}; 0 is root`);
  }
  return [
    ...problems,
    ...checkVariables("config", args.config, (value) => typeof value === "string"),
    ...checkVariables("env", args.env, (value) => typeof value === "string" || isLate(value)),
    ...checkLabels("labels", args.labels),
  ];
}

/** The name is a Service's, too. Source: Kubernetes 1.36, "RelaxedServiceNameValidation". */
function checkName(name: string): string[] {
  const problems = checkDnsLabel("name", name);
  if (problems.length > 0 || !/^[0-9]/.test(name)) return problems;
  return [`name is ${shown(name)}; begin it with a letter, as a Service's name must before Kubernetes 1.36`];
}

const VARIABLE = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Problems of variables; no message has a value, which may be a secret. */
function checkVariables(
  field: string,
  variables: AppArgs["env"],
  isValue: (value: unknown) => boolean,
): string[] {
  const rule = 'a variable\'s name is of letters, digits, "_", "-" and ".", not beginning with a digit';
  return Object.entries(variables ?? {}).flatMap(([name, value]) => {
    if (!VARIABLE.test(name)) return [`${field} has ${shown(name)}; ${rule}`];
    return isValue(value)
      ? []
      : [`${field}.${name} is ${typeOf(value)}; give text, as ${field}: { ${name}: "…" }`];
  });
}

function typeOf(value: unknown): string {
  if (isLate(value)) return "known only later";
  return value === undefined || value === null ? String(value) : `of type ${typeof value}`;
}

import { checkDnsLabel, shown } from "../names";
import { checkPod, isWhole, MAX_INT32 } from "./check-pod";
import { checkReach } from "./check-reach";
import { resolvePod } from "./pod-args";
import type { Pod, PodArgs } from "./pod-args";
import type {
  DisruptionArgs,
  HttpRouteArgs,
  IngressArgs,
  NetworkArgs,
  PortArgs,
  ScalingArgs,
  StatefulArgs,
} from "./reach-args";
import type { AppTransform } from "./transform";

/** How many pods run when nothing is said. */
export const DEFAULT_REPLICAS = 1;
/** Where the service answers whether it is alive and ready. */
export const DEFAULT_HEALTH_PATH = "/healthz";

/** An HTTP service as a team declares it; {@link app} makes the Kubernetes objects of it. */
export interface AppArgs extends PodArgs {
  /** The port on which the service listens for HTTP, 1 to 65535. The Service has the same one, named `http`. */
  readonly port: number;
  /** Further ports of the container and of the Service. */
  readonly ports?: readonly PortArgs[];
  /**
   * Not beside `scaling`, which decides how many run.
   * @default {@link DEFAULT_REPLICAS}
   */
  readonly replicas?: number;
  /**
   * Path that answers 2xx or 3xx when the service is alive and ready.
   * @default {@link DEFAULT_HEALTH_PATH}
   */
  readonly healthPath?: string;
  /** Makes it a StatefulSet, whose pods keep their names and volumes. */
  readonly stateful?: StatefulArgs;
  /** Lets the cluster decide how many pods run, by their load. */
  readonly scaling?: ScalingArgs;
  /** How many pods may be away at once when nodes are drained. */
  readonly disruption?: DisruptionArgs;
  /** Reachable from outside by an Ingress. */
  readonly ingress?: IngressArgs;
  /** Reachable from outside by a Gateway. */
  readonly route?: HttpRouteArgs;
  /** Closes the pods' network but for what is named here, and for DNS. */
  readonly network?: NetworkArgs;
  /** The way out: changes an object of a kind, as the last step. */
  readonly transform?: AppTransform;
}

type Optional = "stateful" | "scaling" | "disruption" | "ingress" | "route" | "network";

/** {@link AppArgs} with every default filled in; a part that is not asked for is `undefined`. */
export type App = Pod &
  Required<Pick<AppArgs, "port" | "ports" | "replicas" | "healthPath" | "transform">> & {
    readonly [Part in Optional]: AppArgs[Part];
  };

export function resolveApp(args: AppArgs): App {
  return {
    ...resolvePod(args),
    port: args.port,
    ports: args.ports ?? [],
    replicas: args.replicas ?? DEFAULT_REPLICAS,
    healthPath: args.healthPath ?? DEFAULT_HEALTH_PATH,
    stateful: args.stateful,
    scaling: args.scaling,
    disruption: args.disruption,
    ingress: args.ingress,
    route: args.route,
    network: args.network,
    transform: args.transform ?? {},
  };
}

/** Problems of {@link AppArgs}, each naming the field, its value and what to do. */
export function checkApp(args: AppArgs): string[] {
  const { replicas, healthPath } = resolveApp(args);
  const problems = checkName(args.name);
  if (!isWhole(replicas, 0, MAX_INT32)) {
    problems.push(`replicas is ${shown(replicas)}; give a whole number from 0 to ${MAX_INT32}`);
  }
  if (args.replicas !== undefined && args.scaling !== undefined) {
    problems.push("replicas is given beside scaling, which decides how many run; leave one of them out");
  }
  if (!healthPath.startsWith("/")) problems.push(`healthPath is ${shown(healthPath)}; begin it with "/"`);
  return [...problems, ...checkPod(args), ...checkReach(args)];
}

/** The name is a Service's, too. Source: Kubernetes 1.36, "RelaxedServiceNameValidation". */
function checkName(name: string): string[] {
  const problems = checkDnsLabel("name", name);
  if (problems.length > 0 || !/^[0-9]/.test(name)) return problems;
  return [`name is ${shown(name)}; begin it with a letter, as a Service's name must before Kubernetes 1.36`];
}

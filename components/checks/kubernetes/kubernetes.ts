import type { LiveObject } from "../../clusters/api";
import { shown } from "../../manifests/names";
import { failed, passed, pending } from "../contract";
import type { CheckKind, Verdict } from "../contract";
import { said } from "../rollout-ready/pods";
import { pathProblem, valuesAt } from "./path";

/** The status that a condition has to have. */
export const DEFAULT_CONDITION_STATUS = "True";

interface ObjectArgs {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** @default the delivery's namespace; a kind without namespaces has none */
  readonly namespace?: string;
}

/** A condition of the object's status, as `Ready`. */
interface ConditionArgs {
  readonly condition: string;
  /** @default {@link DEFAULT_CONDITION_STATUS} */
  readonly status?: "True" | "False" | "Unknown";
  readonly path?: never;
}

/** A value in the object. */
interface PathArgs {
  /** JSONPath (RFC 9535), as `$.status.phase`; kubectl's `{.status.phase}` is taken, too. */
  readonly path: string;
  /** What it has to be. @default anything, if it is there */
  readonly equals?: string | number | boolean;
  readonly condition?: never;
}

/** What {@link checks}`.kubernetes()` looks at: an object, and its condition or the value at a path. */
export type KubernetesArgs = ObjectArgs & (ConditionArgs | PathArgs);
export type Kubernetes = KubernetesArgs & { readonly check: "kubernetes" };

/** Any object of the cluster has a condition, or a value at a path. */
export const kubernetesKind: CheckKind<Kubernetes> = {
  once: false,

  check(inputs, at) {
    const missing = (["apiVersion", "kind", "name"] as const).filter(
      (field) => typeof inputs[field] !== "string" || inputs[field] === "",
    );
    const isOne = (inputs.condition === undefined) !== (inputs.path === undefined);
    const wrongPath = inputs.path === undefined ? undefined : pathProblem(inputs.path);
    return [
      ...missing.map((field) => `${at}.${field} is ${shown(inputs[field])}; name the object`),
      ...(isOne ? [] : [`${at} has to have either condition or path; give one`]),
      ...(wrongPath === undefined
        ? []
        : [`${at}.path is no JSONPath (${wrongPath}); write it as "$.status.phase"`]),
    ];
  },

  title: (inputs) => `${titleOf(inputs)} ${wantedText(inputs)}`,

  async observe(inputs, target) {
    const { apiVersion, kind, name, namespace = target.namespace } = inputs;
    const object = await target.api.get({ apiVersion, kind, namespace, name });
    const title = titleOf(inputs);
    if (object === undefined) return pending(`${title} is not there`);
    const { state, reason } =
      inputs.path === undefined ? readCondition(inputs, object) : readPath(inputs, object);
    return { state, reason: `${title} ${reason}` };
  },
};

function titleOf({ kind, name }: ObjectArgs): string {
  return `${kind} ${name}`;
}

function wantedText(inputs: Kubernetes): string {
  if (inputs.path === undefined)
    return `has ${inputs.condition}=${inputs.status ?? DEFAULT_CONDITION_STATUS}`;
  return inputs.equals === undefined ? `has ${inputs.path}` : `has ${inputs.path} = ${shown(inputs.equals)}`;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

interface Status {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

/** A status of an earlier generation says nothing of this one. `Stalled` is what controllers say that gave up. */
function readCondition(inputs: ObjectArgs & ConditionArgs, object: LiveObject): Verdict {
  const { conditions = [], observedGeneration } = (object["status"] ?? {}) as Status;
  const { condition: type, status: wanted = DEFAULT_CONDITION_STATUS } = inputs;
  const found = conditions.find((condition) => condition.type === type);
  const seen = found?.observedGeneration ?? observedGeneration ?? object.metadata.generation;
  if (seen !== object.metadata.generation)
    return pending("was not looked at by its controller since it changed");
  if (found?.status === wanted) return passed(`has ${type}=${wanted}`);
  const stalled = conditions.find((condition) => condition.type === "Stalled" && condition.status === "True");
  if (stalled !== undefined) return failed(`has Stalled=True${said(stalled.message)}`);
  if (found === undefined) return pending(`has no condition ${type}`);
  return pending(`has ${type}=${found.status}${said(found.message)}`);
}

function readPath({ path, equals }: ObjectArgs & PathArgs, object: LiveObject): Verdict {
  const values = valuesAt(object, path);
  if (values.length === 0) return pending(`has nothing at ${path}`);
  if (equals === undefined || values.some((value) => value === equals))
    return passed(`has ${path} as wanted`);
  return pending(`has ${values.map(shown).join(", ")} at ${path}, and not ${shown(equals)}`);
}

import type { Stack } from "./world";

const VERBS = [
  ...["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"],
  ...["impersonate", "bind", "escalate"],
];
/** What is in a namespace, with its group. */
const GROUPS: Readonly<Record<string, string>> = {
  ...{ secrets: "", configmaps: "", serviceaccounts: "", pods: "", services: "" },
  ...{ deployments: "apps", roles: "rbac.authorization.k8s.io", rolebindings: "rbac.authorization.k8s.io" },
  ...{ gitrepositories: "source.toolkit.fluxcd.io", kustomizations: "kustomize.toolkit.fluxcd.io" },
};
/** What is in none. */
const WIDE: Readonly<Record<string, string>> = {
  ...{ namespaces: "", nodes: "", customresourcedefinitions: "apiextensions.k8s.io" },
  ...{ clusterroles: "rbac.authorization.k8s.io", clusterrolebindings: "rbac.authorization.k8s.io" },
};

/** A right as the API server is asked for it. */
interface Right {
  /** @default the whole cluster */
  readonly namespace?: string;
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
}

/** What the API server says of the account that a stack is applied as. */
async function isAllowed({ app, namespace }: Stack, resourceAttributes: Right): Promise<boolean> {
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user: `system:serviceaccount:${app}:${app}-delivery`, resourceAttributes },
  };
  const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  const { text } = await namespace.api.send({ method: "POST", path, body });
  return (JSON.parse(text) as { status: { allowed: boolean } }).status.allowed;
}

/** Whether the account may do something in the namespace of its stack. */
export const mayInOwn = (stack: Stack, verb: string, resource: string): Promise<boolean> =>
  isAllowed(stack, { namespace: stack.app, verb, resource, group: GROUPS[resource]! });

/** All that the account may do in these namespaces, and in the cluster as a whole. */
export async function rightsBeyond(stack: Stack, namespaces: readonly string[]): Promise<Right[]> {
  const each = (groups: Readonly<Record<string, string>>, place: Pick<Right, "namespace">): Right[] =>
    Object.entries(groups).flatMap(([resource, group]) =>
      VERBS.map((verb) => ({ ...place, verb, resource, group })),
    );
  const all = [...namespaces.flatMap((namespace) => each(GROUPS, { namespace })), ...each(WIDE, {})];
  const asked = all.map(async (right) => ((await isAllowed(stack, right)) ? [right] : []));
  return (await Promise.all(asked)).flat();
}

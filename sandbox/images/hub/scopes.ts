import type { Action } from "./settings.ts";

/** What a token allows, as the registry reads it: https://distribution.github.io/distribution/spec/auth/jwt/ */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** What is asked for and allowed; the rest is left out without a word, as the specification has it. */
export function grantedAccess(scopes: readonly string[], may: readonly Action[]): Access[] {
  const asked = scopes.flatMap((scope) => scope.split(" ")).filter((scope) => scope !== "");
  return asked.flatMap((scope) => {
    const { type, name, actions } = parseScope(scope);
    const granted = may.filter((action) => actions.includes(action));
    return type === "repository" && granted.length > 0 ? [{ type, name, actions: granted }] : [];
  });
}

/** `type:name:action,action`, where the name may have a colon of its own. */
function parseScope(scope: string): Access {
  const [type = "", ...rest] = scope.split(":");
  const actions = (rest.pop() ?? "").split(",");
  return { type, name: rest.join(":"), actions };
}

import { unquoted } from "./parse";

/** Values of a Dockerfile's arguments; undefined for one that only the builder knows. */
export type Scope = ReadonlyMap<string, string | undefined>;

const VARIABLE = /\\([^])|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^${}]*))?\}|(.?))/g;

/**
 * Replaces `$name`, `${name}`, `${name:-other}` and `${name:+other}` as BuildKit does in `FROM`: what has no value is
 * empty. Undefined when the result hangs on something that cannot be known here.
 */
export function expand(text: string, scope: Scope): string | undefined {
  let isKnown = true;
  const result = unquoted(text).replace(VARIABLE, (_whole, ...groups: (string | undefined)[]) => {
    const [escaped, plain, braced, operator, other = ""] = groups;
    if (escaped !== undefined) return escaped;
    const name = plain ?? braced;
    const value = name === undefined ? undefined : scope.get(name);
    if (name === undefined || (value === undefined && scope.has(name))) isKnown = false;
    return chosen(value, operator, other);
  });
  return isKnown ? result : undefined;
}

function chosen(value: string | undefined, operator: string | undefined, other: string): string {
  const isSet =
    operator?.startsWith(":") === true ? value !== undefined && value !== "" : value !== undefined;
  if (operator?.endsWith("-") === true) return isSet ? (value ?? "") : other;
  if (operator?.endsWith("+") === true) return isSet ? other : "";
  return value ?? "";
}

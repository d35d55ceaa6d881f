import type { JsonValue, query as Query } from "jsonpath-rfc9535";

/** The library, when a path is first looked at: most programs have none. */
function library(): { readonly query: typeof Query } {
  return require("jsonpath-rfc9535") as { readonly query: typeof Query };
}

/** `{.status.phase}` and `.status.phase`, as kubectl takes them, are `$.status.phase`. */
export function standardPath(path: string): string {
  const inner = /^\{(.*)\}$/s.exec(path.trim())?.[1] ?? path.trim();
  return inner.startsWith("$")
    ? inner
    : `$${inner.startsWith(".") || inner.startsWith("[") ? "" : "."}${inner}`;
}

/** Why a path is none; undefined when it is one. */
export function pathProblem(path: string): string | undefined {
  try {
    library().query({}, standardPath(path));
    return undefined;
  } catch (error) {
    return (error as Error).message.split("\n")[0];
  }
}

/** What stands at a path of an object: RFC 9535. */
export function valuesAt(object: unknown, path: string): readonly unknown[] {
  return library().query(object as JsonValue, standardPath(path));
}
